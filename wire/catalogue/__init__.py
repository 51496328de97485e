"""The fault catalogue's texts, one device a file. `wire.faults` assembles them; read that."""
