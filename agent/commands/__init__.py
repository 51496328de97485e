"""Commands on the kiosk: told, checked, written down, done once, answered."""
