"""Why a command did not simply succeed: every code of a Result, what it means, who must act.

Texts only; `wire.handbook` makes tables of them. A test holds them to the kiosk's code, so that
nobody reads a word on a page that stands nowhere.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Answer(NamedTuple):
    """`act`: who must, and what; empty where nobody must."""

    when: str
    act: str


ANSWERS: Final[Mapping[str, Answer]] = {
    "signature": Answer(
        "the office's signature does not hold: no answer, counted as strange",
        "office: is another key given to the controller than the policy names?",
    ),
    "malformed": Answer("no canonical text, or a policy that defeats itself", "developer"),
    "unknown_kind": Answer("no such kind here", "kiosk: a newer agent"),
    "arguments": Answer("the arguments are not its own", "kiosk: a newer agent, or the asker"),
    "disabled": Answer(
        "forbidden in this kiosk's agent.toml", "installer, if it is to be allowed there"
    ),
    "fleet": Answer("for another fleet", "office: its policy and its kiosks belong apart"),
    "address": Answer(
        "the order does not name this kiosk so, or the command not this order",
        "office: it was changed after it was made; look at the audit log",
    ),
    "power": Answer("no rule of the policy allows what is so dangerous", "holders of the roots"),
    "too_many": Answer("more kiosks than its rule allows", "asker: fewer kiosks"),
    "unknown_key": Answer(
        "signed by a key the policy does not know for this use",
        "office: a key was struck off or never admitted",
    ),
    "approval": Answer("a person's signature does not hold", "office: look at the audit log"),
    "threshold": Answer("too few people agreed", "the people who must; ask again"),
    "expired": Answer("its time is over, or may be", "asker: ask again, valid for longer"),
    "future": Answer("its number lies too far ahead", "office: its clock was wrong"),
    "too_soon": Answer(
        "its time has not come, or the cool-off is not over: no answer, it waits", ""
    ),
    "replayed": Answer(
        "its number is not above all this kiosk has ever taken",
        "asker: ask again; after a restore this may come once a kiosk",
    ),
    "too_often": Answer(
        "more of this kind within an hour than the policy allows", "asker: wait, or find the cause"
    ),
    "no_policy": Answer(
        "this kiosk has no policy and can judge nothing",
        "nobody for an hour: it asks for one by itself; then the office",
    ),
    "wiping": Answer(
        "it is wiped, and its identity goes as soon as the office has acknowledged that",
        "installer, if it is to serve again: let it join anew",
    ),
    "no_disk": Answer(
        "it cannot be written down, so it is not done", "technician: the kiosk's storage"
    ),
    "old_policy": Answer(
        "a policy that is not newer than the one in force",
        "holders of the roots, after a restore: a version above the kiosk's",
    ),
    "roots": Answer("a policy that too few roots have signed", "holders of the roots"),
    "cancelled": Answer("wanted no more, and it had not begun or could be broken off", ""),
    "interrupted": Answer(
        "ended in the middle of what must not be done twice: nobody can know",
        "technician: look at the kiosk, then decide whether to ask again",
    ),
    "undone": Answer("ended in its middle and taken back", "asker: ask again"),
    "not_undone": Answer(
        "ended in its middle and could not be taken back", "technician: set it as it should be"
    ),
    "timeout": Answer(
        "it took too long, in a step or in all", "asker: once more, then a technician"
    ),
    "died": Answer("its process ended without a word", "asker: once more, then a developer"),
    "nonsense": Answer("its process said what nobody understands", "developer"),
    "broken": Answer("its process cannot be started, or has a mistake", "developer: collect logs"),
}
"""Of orders, policies, the ledger and the process; an action has those of DEEDS besides."""

DEEDS: Final[Mapping[str, Answer]] = {
    "bad_request": Answer(
        "agent and action do not speak the same version", "kiosk: restart the agent"
    ),
    "broker": Answer("the broker cannot be reached", "line, firewall, or the office"),
    "busy": Answer("the printer is at work", "asker: later"),
    "citizen": Answer("a citizen is at the kiosk", "asker: later; nothing was done"),
    "dark": Answer("the screen is off, and a picture would wake it", "asker: screen on first"),
    "door": Answer("the office's door is away, or refused", "line, or the office"),
    "forbidden": Answer("the system or CUPS does not let the agent", "installer"),
    "hidden": Answer("the page is there and not in front", "asker: restart the browser"),
    "hung": Answer("the page is there and does not beat", "asker: restart the browser"),
    "name": Answer("a name of the office cannot be resolved", "router, name service"),
    "no_device": Answer("agent.toml names no such device", "installer, if there is one"),
    "no_identity": Answer("the kiosk has no identity at a door", "installer: join"),
    "no_sound": Answer("the sound could not be played", "technician: loudspeaker, mixer"),
    "not_answering": Answer("the page hangs and nothing helps", "asker: restart the browser"),
    "not_back": Answer("the browser has not come back", "asker: reboot, then a technician"),
    "not_empty": Answer("something is left that should be gone", "asker: once more, then go there"),
    "not_ending": Answer("the browser cannot be ended from here", "asker: reboot"),
    "not_ipp": Answer("what answers is no printer", "installer: the printer's address"),
    "not_ok": Answer("a device is not well; `why` names it", "technician, as the fault says"),
    "not_printed": Answer("the printer gave the page up", "technician: the printer"),
    "not_renewed": Answer("the office gave no new certificate", "office: is the warden running?"),
    "not_running": Answer("there is no browser", "asker: restart the browser"),
    "not_shown": Answer("the portal does not show the notice", "technician: is the portal there?"),
    "not_taken": Answer("the device stands at another value", "technician: the device"),
    "nothing_noted": Answer("what it was before is not known", "asker: set it anew"),
    "nothing_worked": Answer("no way to be noticed worked", "technician"),
    "other_kiosk": Answer("a wipe that names another kiosk", "asker"),
    "paper": Answer("no paper, before or after", "technician: paper"),
    "refused": Answer("the device or program said no; `why` says what", "technician"),
    "route": Answer("no default route", "cable, router, modem"),
    "settings": Answer("[actions] of agent.toml is not as it must be", "installer"),
    "still_stopped": Answer("the queue does not open", "technician: the printer"),
    "still_up": Answer("the machine did not go down", "installer: may the agent reboot it?"),
    "stuck": Answer("the page did not come out in time", "technician: paper path"),
    "time": Answer("the kiosk's clock is off", "installer: time servers"),
    "tls": Answer("who answers does not show the office's certificate", "office, network"),
    "too_large": Answer("it cannot be made small enough", "asker: less, a shorter time"),
    "unproven": Answer("it says done, and nothing proves it", "technician: look"),
    "unreachable": Answer("the device cannot be reached", "technician: power, cable, address"),
    "unsupported": Answer("this kiosk cannot do it", "installer, if it should"),
    "wrong_page": Answer("the browser shows another page", "asker: restart the browser"),
}
"""Of actions: what stood in the way."""
