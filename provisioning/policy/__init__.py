"""Who may command: the ceremony of roots, the office's key and people's, from the first day on."""
