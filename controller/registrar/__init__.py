"""The one process that can open what citizens hand in: it judges and opens records.

Reached through a socket file only. Door and console hold none of its keys: who takes them over
can neither read what is stored nor have a kiosk forget what was not.
"""
