"""The controller's half of commands: handed out, heard of, and looked after until they end."""
