"""The table: every file of a kiosk, with its reason. To add one: its text into tree/, a line here.

What is ours lies below /usr/local/lib, where /etc may override it: `systemctl edit`, `systemctl
mask` and a file of the same name in /etc stay the administrator's. Below /etc stands only what
nobody reads from elsewhere. No row holds a secret.
"""

from pathlib import Path
from typing import Final

from provisioning.files.rows import File, Folder, Link, Row, tmpfiles
from provisioning.files.template import Tree
from provisioning.kiosk_files.policies import policies
from provisioning.kiosk_files.settings import Settings
from provisioning.kiosk_files.values import values

TREE: Final = Path(__file__).parent / "tree"
LIB: Final = "/usr/local/lib"
UNITS: Final = f"{LIB}/systemd/system"
ACCOUNTS: Final = f"{LIB}/sysusers.d/anjungan.conf"
RELOAD: Final = "systemctl daemon-reload"

# path, why, the command that makes a change count
TEXTS: Final = (
    (ACCOUNTS, "an account for each of agent, portal and browser", "systemd-sysusers"),
    (f"{UNITS}/anjungan-agent.service", "the agent, watched and fenced in", RELOAD),
    (f"{UNITS}/anjungan-agent.path", "starts the agent when the kiosk was enrolled", RELOAD),
    (f"{UNITS}/anjungan-agent-guard.service", "takes back an agent nobody hears", RELOAD),
    (f"{UNITS}/anjungan-agent-guard.timer", "... looked at once a minute", RELOAD),
    (f"{UNITS}/anjungan-portal.service", "the citizens' screens, loopback only", RELOAD),
    (f"{UNITS}/anjungan-browser.service", "Chromium, showing the portal only", RELOAD),
    (f"{UNITS}/anjungan-browser-nightly.service", "the browser begins anew", RELOAD),
    (f"{UNITS}/anjungan-browser-nightly.timer", "... every night", RELOAD),
    (f"{UNITS}/var-lib-kiosk-profile.mount", "the browser's profile lies in memory", RELOAD),
    (f"{UNITS}/var-spool-cups.mount", "what is printed waits in memory, not on the disk", RELOAD),
    (f"{UNITS}/cups.service.d/anjungan.conf", "... and is gone once it is printed", RELOAD),
    (f"{UNITS}/anjungan-queue-clear@.service", "a command: empty the print queue", RELOAD),
    (f"{UNITS}/anjungan-queue-resume@.service", "a command: let it print again", RELOAD),
    (f"{UNITS}/anjungan-brightness@.service", "a command: how bright the screen is", RELOAD),
    (f"{UNITS}/anjungan-wipe.service", "a command: what citizens left goes", RELOAD),
    (f"{UNITS}/anjungan-firewall.service", "loads the firewall before the network", RELOAD),
    (f"{UNITS}/apt-daily.timer.d/anjungan.conf", "updates are fetched at night", RELOAD),
    (f"{UNITS}/apt-daily-upgrade.timer.d/anjungan.conf", "... and installed at night", RELOAD),
    (f"{LIB}/systemd/system.conf.d/anjungan.conf", "hardware watchdog, no cores", "reboot"),
    (
        f"{LIB}/systemd/journald.conf.d/anjungan.conf",
        "the log has a size and an age",
        "systemctl restart systemd-journald",
    ),
    (
        f"{LIB}/systemd/timesyncd.conf.d/anjungan.conf",
        "whose clock counts",
        "systemctl restart systemd-timesyncd",
    ),
    (
        f"{LIB}/systemd/logind.conf.d/anjungan.conf",
        "no other log-in, no sleep",
        "systemctl restart systemd-logind",
    ),
    (f"{LIB}/systemd/coredump.conf.d/anjungan.conf", "no core holds what a citizen typed", ""),
    (f"{LIB}/sysctl.d/60-anjungan.conf", "no SysRq, no cores, reboot on panic", "sysctl --system"),
    (
        f"{LIB}/udev/rules.d/72-anjungan-usb.rules",
        "which USB devices are taken",
        "udevadm control --reload && udevadm trigger",
    ),
    (
        "/etc/anjungan/firewall.nft",
        "nobody calls a kiosk",
        "systemctl restart anjungan-firewall",
    ),
    ("/etc/polkit-1/rules.d/50-anjungan.rules", "what the agent may ask of the system", ""),
    ("/etc/apt/apt.conf.d/52anjungan", "security updates alone, slowly, with a window", ""),
)
PROGRAMS: Final = (
    (f"{LIB}/anjungan/brightness", "sets the light of every panel"),
    (f"{LIB}/anjungan/wipe", "takes away what citizens left"),
)
SEEDS: Final = (
    ("/etc/anjungan/agent.toml", "what is watched; `anjungan join` completes it"),
    ("/etc/anjungan/portal.env", "the name on the screen"),
)
STARTED: Final = (
    ("sysinit.target", "anjungan-firewall.service"),
    ("multi-user.target", "anjungan-agent.service"),
    ("multi-user.target", "anjungan-agent.path"),
    ("multi-user.target", "anjungan-portal.service"),
    ("graphical.target", "anjungan-screen.service"),
    ("cups.service", "var-spool-cups.mount"),
    ("timers.target", "anjungan-browser-nightly.timer"),
    ("timers.target", "anjungan-agent-guard.timer"),
)
MASKED: Final = (
    ("ctrl-alt-del.target", "a keyboard does not restart a kiosk"),
    ("swap.target", "what a citizen types is never swapped to a disk"),
    ("avahi-daemon.service", "listens to the whole network; printers are named by address"),
    ("avahi-daemon.socket", "as above"),
    ("cups-browsed.service", "listens to the whole network"),
)
PORTAL: Final = "anjungan-portal"
FOLDERS: Final = (
    Folder("/etc/anjungan", "what this kiosk is told"),
    Folder("/opt/anjungan", "the programs: one environment a version"),
    Folder("/var/lib/anjungan", "the agent's memory and identity", 0o700, "anjungan", "anjungan"),
    Folder("/var/lib/anjungan-notices", "what citizens are told", 0o755, "anjungan", "anjungan"),
    Folder("/var/lib/anjungan-releases", "what arrives", 0o755, "anjungan", "anjungan"),
    Folder("/var/lib/anjungan-releases/content", "to be shown", 0o755, "anjungan", "anjungan"),
    Folder("/var/lib/anjungan-releases/programs", "to be run", 0o755, "anjungan", "anjungan"),
    Folder("/var/lib/anjungan-portal", "the portal's memory", 0o711, PORTAL, PORTAL),
    # What the portal makes here is the agent's group's, too: s, for portal and agent are strangers.
    *(
        Folder(path, why, 0o2770, PORTAL, "anjungan")
        for path, why in (
            ("/var/lib/anjungan-portal/tray", "what citizens handed in, sealed"),
            ("/var/lib/anjungan-portal/tray/out", "... and the office does not have yet"),
            ("/var/lib/anjungan-portal/tray/refused", "... and the office does not take"),
            ("/run/anjungan-asks", "what citizens ask the office, in memory alone"),
        )
    ),
)


def rows(settings: Settings) -> list[Row]:
    tree = Tree(TREE, values(settings))
    folders = [*FOLDERS, *_browser_folders(settings.browser_user)]
    return [
        *(File(path, tree.text(path), why, then=then) for path, why, then in TEXTS),
        *(File(path, tree.text(path), why, 0o755) for path, why in PROGRAMS),
        *_screen(tree, settings.display),
        *_neighbour(tree, settings.neighbour_port),
        File(
            "/etc/chromium/policies/managed/anjungan.json",
            policies(settings.origin, settings.allow),
            "what the browser may do, whoever touches it",
            then="systemctl restart anjungan-browser",
        ),
        File(
            f"{LIB}/tmpfiles.d/anjungan.conf",  # noqa: S108 - no temporary file
            tmpfiles(folders),
            "folders are there again after every boot",
            then="systemd-tmpfiles --create",
        ),
        *(File(path, tree.text(path), why, seed=True) for path, why in SEEDS),
        *(_started(target, unit) for target, unit in STARTED),
        *(Link(f"{UNITS}/{unit}", "/dev/null", why, RELOAD) for unit, why in MASKED),
        Link("/usr/local/bin/anjungan", "/opt/anjungan/venv/bin/anjungan", "one word for all"),
        *folders,
    ]


def _neighbour(tree: Tree, port: int) -> list[Row]:
    unit = f"{UNITS}/anjungan-neighbour.service"
    if not port:
        return []
    why = "pieces of releases for other kiosks of this network"
    return [
        File(unit, tree.text(unit), why, then=RELOAD),
        _started("multi-user.target", "anjungan-neighbour.service"),
    ]


def _screen(tree: Tree, display: str) -> list[Row]:
    unit = f"{UNITS}/anjungan-screen.service"
    if display == "wayland":
        path, keys = "/etc/anjungan/sway.conf", "/etc/anjungan/keyboard.xkb"
        return [
            File(unit, tree.text("wayland.service"), "the compositor: sway", then=RELOAD),
            File(path, tree.text(path), "no key leads anywhere", then=_AGAIN),
            File(keys, tree.text(keys), "a keyboard only writes", then=_AGAIN),
        ]
    helpers = (f"{LIB}/anjungan/xauthority", f"{LIB}/anjungan/x11-browser")
    path = "/etc/anjungan/xorg.conf"
    return [
        File(unit, tree.text("x11.service"), "the X server", then=RELOAD),
        File(path, tree.text(path), "no way to another terminal", then=_AGAIN),
        *(File(at, tree.text(at), "starts with the X server", 0o755) for at in helpers),
    ]


_AGAIN: Final = "systemctl restart anjungan-screen"


def _browser_folders(user: str) -> list[Folder]:
    return [
        Folder("/var/lib/kiosk", "the browser's home; nothing is kept in it", 0o755),
        Folder("/var/lib/kiosk/profile", "the tmpfs is mounted here", 0o700, user, user),
    ]


def _started(target: str, unit: str) -> Link:
    path = f"{UNITS}/{target}.wants/{unit}"
    return Link(path, f"../{unit}", f"started with {target}; `systemctl mask` ends that", RELOAD)
