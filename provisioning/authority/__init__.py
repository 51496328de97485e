"""The office's two authorities: who signs kiosks, who signs the office itself, and their safety.

The folder of an authority, all of it the warden's and nobody else's to write:

    device/{key,cert}.pem   signs kiosks' certificates and the list of those that ended
    server/{key,cert}.pem   signs the office's own: broker, door, console, and its client
    audit/                  the key that signs for the audit log, and what it signed
    crl.pem                 the newest list of ended certificates: never goes back
    issued/                 what other processes of the office read; keys only by their own account
"""
