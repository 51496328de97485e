"""From evidence to conclusions about one kiosk: faults, then status, then what citizens can do.

Pure. The one place where a draft's faults, status and verdicts are changed, so that every change
leaves its flip.
"""

from collections.abc import Iterable

from controller import judge, presence, rules, verdict
from controller.effects import Effects
from controller.judge import Claim
from controller.known import Answer, Known


def claims(draft: Known, found: Iterable[Claim], effects: Effects, now: int) -> bool:
    """Let the judge weigh each claim. True when any fault's standing changed."""
    changed = False
    for claim in found:
        if claim.event != "gone" or claim.code in draft.faults:
            changed |= _weigh(draft, claim, effects, now)
    return changed


def held(draft: Known, code: str, effects: Effects, now: int) -> bool:
    """Time is up for what was pending or clearing. True when it was due."""
    standing = draft.faults.get(code)
    if standing is None or standing.state == "open" or standing.due > now:
        return False
    claim = Claim(code, "held", standing.why, standing.evidence)
    return _weigh(draft, claim, effects, now)


def arrive(draft: Known, event: str, effects: Effects, now: int) -> bool:
    """The presence after `event`, with its flip and its fault. True when it changed."""
    old = draft.presence
    new = presence.after(old, event, now)
    if new is old:
        return False
    draft.presence = new
    effects.flip(draft, "presence", old=old.state, new=new.state, why=new.why, at=now)
    claims(draft, rules.offline(draft), effects, now)
    return True


def conclude(draft: Known, effects: Effects, now: int) -> None:
    """Recompute status and verdicts; what did not change keeps its `since`."""
    new = verdict.status(draft)
    old = draft.status
    if (new.state, new.why) != (old.state, old.why):
        draft.status = new._replace(since=now if new.state != old.state else old.since)
    answers = verdict.verdicts(draft)
    if any(_differs(draft.verdicts.get(service), one) for service, one in answers.items()):
        before = draft.verdicts
        draft.verdicts = {s: _dated(before.get(s), one, now) for s, one in answers.items()}
        _flips(draft, before, effects, now)


def _weigh(draft: Known, claim: Claim, effects: Effects, now: int) -> bool:
    standing = draft.faults.get(claim.code)
    ruling = judge.weigh(standing, claim, now)
    if ruling.standing is standing:
        return False
    if ruling.standing is None:
        draft.faults.pop(claim.code, None)
    else:
        draft.faults[claim.code] = ruling.standing
    effects.turn(draft, claim, ruling, now)
    return True


def _differs(old: Answer | None, new: Answer) -> bool:
    return old is None or (old.answer, old.why) != (new.answer, new.why)


def _dated(old: Answer | None, new: Answer, now: int) -> Answer:
    return new._replace(since=old.since if old and old.answer == new.answer else now)


def _flips(draft: Known, before: dict[str, Answer], effects: Effects, now: int) -> None:
    for service, new in draft.verdicts.items():
        old = before[service].answer if service in before else "unknown"
        if new.answer != old:
            subject = f"verdict:{service}"
            effects.flip(draft, subject, old=old, new=new.answer, why=new.why, at=now)
