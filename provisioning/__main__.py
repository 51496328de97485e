"""`anjungan`: one word for everything; the table below is all it knows.

Only finds the room that serves a word and hands it the rest of the line. Rooms are imported when
they are called, because a kiosk has no office packages and an office no kiosk packages.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NamedTuple, TextIO


class Command(NamedTuple):
    module: str  # has `main(argv) -> exit code`, and runs as `python -m` too
    extra: str  # which packages it needs: pip install anjungan[<extra>]
    what: str


COMMANDS: Final = {
    "up": Command("provisioning.up", "office", "a whole fleet on this machine, in one command"),
    "agent": Command("agent.__main__", "kiosk", "watch this kiosk and report"),
    "join": Command("agent.identity.join", "kiosk", "make this kiosk one of ours, with its code"),
    "renew": Command("agent.identity.renew", "kiosk", "look at this kiosk's certificate, renew it"),
    "portal": Command("portal.__main__", "kiosk", "the citizens' screens on this kiosk"),
    "preview": Command("portal.preview", "office", "draws services as a kiosk would show them"),
    "controller": Command("controller.__main__", "office", "the office's brain"),
    "console": Command("dashboards.console.__main__", "office", "the technicians' web page"),
    "authority": Command("provisioning.authority.__main__", "office", "who vouches for whom"),
    "warden": Command("provisioning.warden.__main__", "office", "signs, ends and watches over it"),
    "registrar": Command(
        "provisioning.registrar", "office", "opens what citizens hand in; its keys"
    ),
    "back": Command("provisioning.back", "office", "systems that get what was accepted"),
    "audit": Command("provisioning.audit", "office", "read and verify the log of who did what"),
    "people": Command("provisioning.people", "office", "accounts, their rights and their links"),
    "broker": Command("broker_config.__main__", "office", "an MQTT broker for this machine"),
    "players": Command("provisioning.players.__main__", "players", "kiosks played by programs"),
    "load": Command("provisioning.players.load", "players", "ten thousand connections at once"),
    "kiosk-files": Command("provisioning.kiosk_files.__main__", "kiosk", "files of a kiosk"),
    "office-files": Command("provisioning.office_files.__main__", "office", "files of an office"),
    "door": Command("provisioning.door", "office", "the kiosks' own door over HTTPS"),
    "enrol": Command("provisioning.enrol", "office", "codes by which kiosks join"),
    "identity": Command("provisioning.identity", "office", "show and end kiosks' identities"),
    "policy": Command("provisioning.policy.__main__", "office", "who may command, and its keys"),
    "operator-key": Command("provisioning.operator_key", "office", "a person's key for agreeing"),
    "act": Command("provisioning.act", "office", "have kiosks do something"),
    "agree": Command("provisioning.agree", "office", "agree to a job, with one's own key"),
    "jobs": Command("provisioning.jobs", "office", "what was asked, what became of it; steer it"),
    "content": Command("provisioning.release.content", "office", "what a first release is made of"),
    "publish": Command("provisioning.release.publish", "office", "a folder becomes a release"),
    "releases": Command("provisioning.release.__main__", "office", "releases and whose keys count"),
    "rollout": Command("provisioning.release.rollout", "office", "bring a release to kiosks"),
    "services": Command("provisioning.services", "office", "service packs: check, import, publish"),
    "software": Command("provisioning.release.software", "office", "releases of our own programs"),
    "kiosks": Command("provisioning.kiosks", "office", "import and list sites and kiosks"),
}


def usage() -> str:
    lines = ["usage: anjungan COMMAND [options]   (anjungan COMMAND --help)", ""]
    width = max(len(name) for name in COMMANDS)
    lines += [f"  {name:<{width}}  {one.what}" for name, one in COMMANDS.items()]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        _say(usage(), sys.stdout)
        return 0 if words else 2
    command = COMMANDS.get(words[0])
    if command is None:
        _say(f"anjungan: no command {words[0]!r}\n\n{usage()}", sys.stderr)
        return 2
    try:
        module = import_module(command.module)
    except ModuleNotFoundError as error:
        _say(_missing(words[0], command, error), sys.stderr)
        return 2
    code: int | None = module.main(words[1:])
    return code or 0


def _missing(word: str, command: Command, error: ModuleNotFoundError) -> str:
    return (
        f"anjungan {word}: {error.name} is not installed here: "
        f"the administrator must run pip install 'anjungan[{command.extra}]'"
    )


def _say(text: str, where: TextIO) -> None:
    print(text, file=where)


if __name__ == "__main__":
    sys.exit(main())
