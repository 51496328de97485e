"""Whether a citizen can finish each service now, and the worst one can say of a kiosk.

Pure. `no` beats `unknown` beats `yes`; what cannot be told is never counted as good. The reason is
a key for the console to translate: a fault code, also of what is CLOSED and not broken, `stale`
(the kiosk is not heard), `never`, or `probe:<name>` (that probe is missing or cannot tell).
"""

from collections.abc import Mapping

from controller.known import Answer, Known, Latest, Standing, Status
from wire.faults import CATALOGUE

SERVICES = ("inform", "apply", "complain", "watch")
TOUCH = ("screen", "browser", "portal")
CLOSED = ("portal.maintenance",)
_ANSWER = {"ok": "yes", "warn": "yes", "fail": "no", "unknown": "unknown"}
_RANK = {"no": 0, "unknown": 1, "yes": 2}
_STATE = {"info": "ok", "warn": "warn", "fail": "fail", "critical": "fail"}
_WORST = {"critical": 0, "fail": 1, "warn": 2, "info": 3}
_YES = Answer("yes", "")


def verdicts(known: Known) -> dict[str, Answer]:
    """Each service's answer, `since` left open."""
    presence = known.presence.state
    if presence != "online":
        answer = Answer("unknown", "never" if presence == "never" else "stale")
        return dict.fromkeys(SERVICES, answer)
    probes = known.thread.probes if known.thread is not None else ()
    touch = _all(known.latest, TOUCH)
    apply = min(touch, _printing(known.latest, probes), key=_rank)
    return {"inform": touch, "apply": apply, "complain": touch, "watch": touch}


def status(known: Known) -> Status:
    """The worst of all, `since` left open."""
    presence = known.presence.state
    if presence != "online":
        return Status(presence, 0, presence)
    worst = worst_code(known.faults)
    state = _STATE[CATALOGUE[worst].severity] if worst else "ok"
    if worst and state != "ok":
        return Status(state, 0, worst)
    blind = next((p for p in ("screen", "browser") if _blind(known.latest.get(p))), None)
    return Status("unknown", 0, f"probe:{blind}") if blind else Status("ok", 0, "")


def worst_code(faults: Mapping[str, Standing]) -> str | None:
    """The open fault that matters most; the oldest of equals."""
    standing = [(_WORST[CATALOGUE[code].severity], one.since, code)
                for code, one in faults.items() if one.state != "pending"]  # fmt: skip
    return min(standing)[2] if standing else None


def _printing(latest: Mapping[str, Latest], probes: tuple[str, ...]) -> Answer:
    """A receipt printer prints alone; a page printer also needs its queue where there is one."""
    ways = []
    if "receipt" in probes or "receipt" in latest:
        ways.append(_one(latest, "receipt"))
    if "printer" in probes or "printer" in latest:
        has_queue = "queue" in probes or "queue" in latest
        ways.append(_all(latest, ("printer", "queue") if has_queue else ("printer",)))
    return max(ways, key=_rank, default=Answer("unknown", "probe:printer"))


def _all(latest: Mapping[str, Latest], probes: tuple[str, ...]) -> Answer:
    return min((_one(latest, probe) for probe in probes), key=_rank)


def _one(latest: Mapping[str, Latest], probe: str) -> Answer:
    last = latest.get(probe)
    if last is None:
        return Answer("unknown", f"probe:{probe}")
    closed = next((code for code in last.codes if code in CLOSED), None)
    if closed is not None:
        return Answer("no", closed)
    answer = _ANSWER[last.state]
    return _YES if answer == "yes" else Answer(answer, _why(answer, last, probe))


def _why(answer: str, last: Latest, probe: str) -> str:
    codes = [code for code in last.codes if code in CATALOGUE] if answer == "no" else []
    worst = min(codes, key=lambda code: _WORST[CATALOGUE[code].severity], default=None)
    return worst or f"probe:{probe}"


def _blind(last: Latest | None) -> bool:
    return last is None or last.state == "unknown"


def _rank(answer: Answer) -> int:
    return _RANK[answer.answer]
