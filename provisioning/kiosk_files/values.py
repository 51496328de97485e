"""The values that the templates of `tree/` ask for, from the settings.

Only text goes out, made from settings that checked themselves. Decides what the display, the
allow-list and the listed USB devices mean in each file.
"""

from typing import Final

from provisioning.kiosk_files.settings import Settings, clock

RUN: Final = "/run/anjungan-screen"


def values(settings: Settings) -> dict[str, str]:
    wayland = settings.display == "wayland"
    return {
        "browser_user": settings.browser_user,
        "portal_port": str(settings.portal_port),
        "debug_port": str(settings.debug_port),
        "profile_mb": str(settings.profile_mb),
        "browser_mb": str(settings.browser_mb),
        "browser_max_mb": str(settings.browser_mb * 3 // 2),
        "ntp": " ".join(settings.ntp),
        "update_kb": str(settings.update_kb),
        "fetch_at": clock(settings.upgrade_at, -120),
        "upgrade_at": settings.upgrade_at,
        # An upgrade starts within half an hour and has another hour before the reboot.
        "reboot_at": clock(settings.upgrade_at, 90),
        "keyboard_events": "enabled" if settings.keyboard else "disabled",
        "usb_allow": _usb(settings),
        "keyboard_allow": _keyboards(settings),
        "browser_output": _browser_output(settings),
        "browser_addresses": _browser_addresses(settings),
        "screen_probe": _screen_probe(settings),
        "neighbour_port": str(settings.neighbour_port),
        "neighbour_input": _neighbours(settings),
        "xkb_dead": "\n".join(f"        replace key <{key}> {{ [ NoSymbol ] }};" for key in _DEAD),
        # An instance whose name the agent fills in: it looks like one of ours and is not.
        "at_queue": "@{queue}",
        "at_percent": "@{percent}",
        **(_WAYLAND if wayland else _X11),
    }


# Keys that mean something to a browser or a compositor, by their place on the keyboard.
_DEAD: Final = (
    *(
        "LCTL",
        "RCTL",
        "LALT",
        "RALT",
        "LWIN",
        "RWIN",
        "COMP",
        "MENU",
        "ALT",
        "META",
        "SUPR",
        "HYPR",
    ),
    *(f"FK{number:02}" for number in range(1, 25)),
    *("PRSC", "SCLK", "PAUS"),
)
_WAYLAND: Final = {
    "browser_start": "/usr/bin/chromium --ozone-platform=wayland",
    "browser_display": f"WAYLAND_DISPLAY=wayland-1 XDG_RUNTIME_DIR={RUN}",
    "browser_tmp": "PrivateTmp=yes",
    "agent_display": f"Environment=WAYLAND_DISPLAY=wayland-1 XDG_RUNTIME_DIR={RUN}",
}
_X11: Final = {
    "browser_start": "/usr/local/lib/anjungan/x11-browser",
    "browser_display": f"DISPLAY=:0 XAUTHORITY={RUN}/xauthority",
    # The X server's socket lies in /tmp; of that the browser gets this folder and no other.
    "browser_tmp": "PrivateTmp=yes\nBindReadOnlyPaths=-/tmp/.X11-unix",
    "agent_display": f"Environment=DISPLAY=:0 XAUTHORITY={RUN}/xauthority\n"
    "BindReadOnlyPaths=-/tmp/.X11-unix",
}


def _usb(settings: Settings) -> str:
    """Listed devices are let in whole, whatever they are."""
    lines = [
        f'ATTRS{{idVendor}}=="{vendor}", ATTRS{{idProduct}}=="{product}", '
        'ENV{ANJUNGAN_USB}="listed"'
        for vendor, product in (name.split(":") for name in settings.usb_allow)
    ]
    return "\n".join(lines) or "# (no device is listed)"


def _keyboards(settings: Settings) -> str:
    if not settings.keyboard:
        return "# (no keyboard is listed)"
    lines = [
        f'ATTRS{{idVendor}}=="{vendor}", ATTRS{{idProduct}}=="{product}", ENV{{ANJUNGAN_TYPES}}=""'
        for vendor, product in (name.split(":") for name in settings.usb_allow)
    ]
    return "\n".join(lines) or "# (no keyboard is listed)"


def _browser_output(settings: Settings) -> str:
    """The second lock behind the policies: what the browser's account may reach at all."""
    user = settings.browser_user
    if not settings.allow:
        return f'meta skuid "{user}" oif != "lo" reject'
    ports = ", ".join(str(port) for port in sorted({53, *settings.other_ports}))
    return (
        f'meta skuid "{user}" oif != "lo" udp dport 53 accept\n'
        f'        meta skuid "{user}" oif != "lo" tcp dport != {{ {ports} }} reject\n'
        f'        meta skuid "{user}" oif != "lo" meta l4proto != tcp reject'
    )


def _browser_addresses(settings: Settings) -> str:
    if settings.allow:
        return "# Sites beyond this kiosk are allowed: the firewall holds the ports."
    return "IPAddressDeny=any\nIPAddressAllow=localhost"


def _neighbours(settings: Settings) -> str:
    """Of the same network only, whatever else its router lets through."""
    if not settings.neighbour_port:
        return "# (no neighbour is served)"
    to = f"tcp dport {settings.neighbour_port} accept"
    near = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16"
    return f"ip saddr {{ {near} }} {to}\n        ip6 saddr {{ fe80::/10, fc00::/7 }} {to}"


def _screen_probe(settings: Settings) -> str:
    if settings.display == "wayland":
        return f'wayland = "wayland-1"\nruntime_dir = "{RUN}"'
    return f'display = ":0"\nxauthority = "{RUN}/xauthority"'
