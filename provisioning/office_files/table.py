"""The table: every file of an office, with its reason. To add one: text into tree/, a line here.

Who may read what is decided here and in the units: the authority belongs to the warden alone; door
and console get one key each, the broker its own, and only programs that need it reach the database.
"""

from pathlib import Path
from typing import Final

from provisioning.files.rows import File, Folder, Link, Row, tmpfiles
from provisioning.files.template import Tree
from provisioning.office_files.settings import Settings
from provisioning.office_files.values import values

TREE: Final = Path(__file__).parent / "tree"
LIB: Final = "/usr/local/lib"
UNITS: Final = f"{LIB}/systemd/system"
ACCOUNTS: Final = f"{LIB}/sysusers.d/anjungan-office.conf"
RELOAD: Final = "systemctl daemon-reload"

PROGRAMS: Final = {
    "warden": "signs, ends and audits; the only one with the authority's keys",
    "broker": "keeps Mosquitto and its lists",
    "controller": "the office's brain; the only one that speaks MQTT",
    "registrar": "judges and opens what citizens hand in; the only one with the keys for it",
    "door": "where kiosks are enrolled and renewed",
    "console": "the technicians' web page",
    "preview": "draws services for those who write them; reads nothing of the office",
}
_WARDEN: Final = "anjungan-warden"
_REGISTRAR: Final = "anjungan-registrar"
FOLDERS: Final = (
    Folder("/etc/anjungan", "what the office is told", 0o755),
    Folder("/opt/anjungan", "the programs: one environment a version"),
    Folder("/var/lib/anjungan", "what the office keeps"),
    # 0711: the others may enter to what was issued to them, not look around.
    Folder("/var/lib/anjungan/authority", "the authorities' keys", 0o711, _WARDEN, _WARDEN),
    Folder("/var/lib/anjungan/checkpoints", "marks of the audit log", 0o700, _WARDEN, _WARDEN),
    Folder("/var/lib/anjungan/registrar", "keys of citizens' records", 0o700, *(_REGISTRAR,) * 2),
    # Whatever is made in it is of its group: so the registrar's socket there is the door's to ask.
    Folder("/run/anjungan-registrar-door", "its socket", 0o2750, _REGISTRAR, "anjungan-door"),
    Folder("/var/lib/anjungan/exchange", "lists and answers", 0o2770, _WARDEN, "anjungan-exchange"),
    Folder("/var/lib/anjungan/exchange/wanted", "lists", 0o2770, _WARDEN, "anjungan-exchange"),
    Folder(
        "/var/lib/anjungan/broker",
        "Mosquitto's memory",
        0o700,
        "anjungan-broker",
        "anjungan-broker",
    ),
)
_RELEASES: Final = ("root", "anjungan-releases")
# Made here and not by who comes first: controller and console both write below them.
RELEASES: Final = tuple(
    Folder(f"/var/lib/anjungan/releases{below}", why, 0o2770, *_RELEASES)
    for below, why in (
        ("", "releases: plain files, as wire/content.py names them"),
        ("/metadata", "what is signed"),
        ("/targets", "indexes"),
        ("/chunks", "pieces of files, by their hash"),
        ("/packs", "pieces together, from one release to another"),
        ("/drafts", "what is handed in and not published"),
    )
)
DATABASE: Final = Folder(
    "/var/lib/anjungan/office", "the database", 0o2770, "root", "anjungan-database"
)
# SQLite would make it for its maker alone; the files beside it take this one's rights.
DATABASE_FILE: Final = File(
    "/var/lib/anjungan/office/office.db",
    "",
    "empty until the first start",
    0o660,
    "root",
    "anjungan-database",
    seed=True,
)
MASKED: Final = (("mosquitto.service", "Debian's own broker would be a second one, open to all"),)


def rows(settings: Settings) -> list[Row]:
    tree = Tree(TREE, values(settings))
    folders = [*FOLDERS, *RELEASES, *([DATABASE] if settings.sqlite else [])]
    return [
        File(ACCOUNTS, tree.text(ACCOUNTS), "an account a program", then="systemd-sysusers"),
        *(_unit(tree, name, why) for name, why in PROGRAMS.items()),
        *(_started(name) for name in PROGRAMS),
        File(
            f"{LIB}/tmpfiles.d/anjungan-office.conf",  # noqa: S108 - no temporary file
            tmpfiles(folders),
            "folders are there again after every boot",
            then="systemd-tmpfiles --create",
        ),
        File(
            "/etc/anjungan/office.env",
            tree.text("/etc/anjungan/office.env"),
            "where the database is; may hold its password",
            0o600,
            seed=True,
        ),
        *([DATABASE_FILE] if settings.sqlite else []),
        *(Link(f"{UNITS}/{unit}", "/dev/null", why, RELOAD) for unit, why in MASKED),
        Link("/usr/local/bin/anjungan", "/opt/anjungan/venv/bin/anjungan", "one word for all"),
        *folders,
    ]


def _unit(tree: Tree, name: str, why: str) -> File:
    path = f"{UNITS}/anjungan-{name}.service"
    then = f"{RELOAD} && systemctl restart anjungan-{name}"
    return File(path, tree.text(path), why, then=then)


def _started(name: str) -> Link:
    unit = f"anjungan-{name}.service"
    path = f"{UNITS}/multi-user.target.wants/{unit}"
    return Link(path, f"../{unit}", "started at boot; `systemctl mask` ends that", RELOAD)
