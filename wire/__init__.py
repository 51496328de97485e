"""The language kiosk and office speak. Pure: no clock, socket, file or database.

Everybody may import this package and it imports nobody of the house.
"""
