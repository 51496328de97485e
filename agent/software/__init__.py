"""Which release of a program runs on this kiosk: chosen at each start, tried, and taken back."""
