"""The values that the units of the office ask for: one fence for all its programs.

Only text goes out, made from settings that checked themselves.
"""

from typing import Final

from provisioning.office_files.settings import Settings

# Office programs are no kiosk's agent: each may use the CPU it needs, none may become another.
FENCE: Final = """\
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectProc=invisible
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
KeyringMode=private
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
LimitCORE=0
# Nobody lists what lies in it; the group of the database may write what it holds.
UMask=0007"""


def values(settings: Settings) -> dict[str, str]:
    first = settings.name[0]
    return {
        "fence": FENCE,
        "authority": "/var/lib/anjungan/authority",
        "issued": "/var/lib/anjungan/authority/issued",
        "exchange": "/var/lib/anjungan/exchange",
        "registrar_keys": "/var/lib/anjungan/registrar",
        "registrar_socket": "/run/anjungan-registrar/asked.sock",
        "registrar_door_folder": "/run/anjungan-registrar-door",
        "registrar_door": "/run/anjungan-registrar-door/asked.sock",
        "releases": "/var/lib/anjungan/releases",
        "names": " ".join(f"--name {name}" for name in settings.name),
        "host_names": " ".join(f"--host-name {name}" for name in settings.name),
        "first": f"[{first}]" if ":" in first else first,
        "bind": settings.bind,
        "console_bind": settings.console_bind,
        "database": settings.database,
        "kiosk_port": str(settings.kiosk_port),
        "office_port": str(settings.office_port),
        "door_port": str(settings.door_port),
        "console_port": str(settings.console_port),
        "preview_port": str(settings.preview_port),
        "writes_database": "ReadWritePaths=/var/lib/anjungan/office" if settings.sqlite else "",
    }
