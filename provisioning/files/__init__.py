"""Files of the operating system as tables: what a machine needs, what differs, putting it right.

Shared by `anjungan kiosk-files` and `anjungan office-files`, which own their tables.
"""
