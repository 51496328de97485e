"""Who may speak for a kiosk's name: invitations, certificates, their life and their end."""
