"""What follows when a kiosk is heard: one function a kind of message, in one visible table.

Pure: a draft of the kiosk goes in and is changed, effects and answers come out. Never asks the
database; what must be known beforehand is an argument.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from controller import judge, order, readings, rules, twins
from controller.commands.heard import Word
from controller.conclude import arrive, claims, conclude
from controller.dispatch import OLD_MEMORY
from controller.effects import Effects, Row
from controller.judge import Claim
from controller.known import Known, Thread
from controller.presence import event_of
from controller.rollouts.heard import Word as ReleaseWord
from controller.twins import Seen
from wire.messages import (
    Birth,
    Death,
    Fetching,
    Flip,
    Header,
    Install,
    Observation,
    Present,
    Progress,
    Reading,
    Result,
    Up,
)

REBIRTH_MS = 30_000


class Moment(NamedTuple):
    """`late`: may have waited for the office. `stored_fact`: highest stored of a birth's epoch."""

    received: int
    late: bool = False
    stored_fact: int = 0


class Heard(NamedTuple):
    """`outcome` is counted; `ack` and `rebirth` say what the kiosk is to be told."""

    outcome: str
    effects: Effects
    missing: int = 0
    ack: bool = False
    rebirth: str = ""


def hear(draft: Known, message: Up, moment: Moment) -> Heard:
    effects = Effects()
    if isinstance(message, Death):
        return _death(draft, message, moment, effects)
    if isinstance(message, Birth):
        _machine(draft, message, moment, effects)
    placed = order.place(draft.thread, message)
    if placed.place != "next":
        return _not_next(draft, message, moment, effects, placed.place)
    found = rules.messages_lost(placed.missing)
    step = _KINDS[type(message)](draft, message, moment, effects)
    found += step.found + _advance(draft, message, moment)
    news = arrive(draft, event_of(message), effects, moment.received)
    news |= claims(draft, found, effects, moment.received)
    if news or step.news:
        conclude(draft, effects, moment.received)
    whole = isinstance(message, Birth)  # a full reading follows it anyway
    rebirth = _ask(draft, "gap", moment) if placed.missing and not whole else ""
    return Heard(step.outcome, effects, placed.missing, step.ack, rebirth)


def _not_next(draft: Known, message: Up, moment: Moment, effects: Effects, place: str) -> Heard:
    again = place == "duplicate" and isinstance(message, Flip | Result | Install)
    why = _lost_thread(draft.thread, place, message)
    rebirth = _ask(draft, why, moment) if why else ""
    return Heard(place, effects, ack=again, rebirth=rebirth)


def _machine(draft: Known, birth: Birth, moment: Moment, effects: Effects) -> None:
    """Whether another machine speaks by this name. Looked at before the order of messages is."""
    found = rules.restored(draft, birth)
    # Known copies throw each other out until the broker refuses both: no proof of anything new.
    known = "kiosk.cloned" in draft.faults
    seen = Seen(()) if known else twins.see(draft.machines, birth, moment.received)
    draft.machines = seen.boots
    if seen.twin:
        effects.quarantines[draft.id] = seen.twin
    found += rules.cloned(draft, seen.twin, moment.received)
    if claims(draft, found, effects, moment.received):
        conclude(draft, effects, moment.received)


def _lost_thread(thread: Thread | None, place: str, message: Up) -> str:
    """Why the kiosk must be asked to begin again; empty when it need not."""
    if place == "unborn":
        return "no birth"
    if thread is None or not isinstance(message, Birth):
        return ""
    # When the broker only brings again what is stored, the kiosk sees that it is not meant.
    if place == "stale":
        return OLD_MEMORY
    # The number of another boot: the disk of one of them is a copy.
    both = bool(message.boot_id and thread.boot_id)
    return OLD_MEMORY if both and message.boot_id != thread.boot_id else ""


def hear_malformed(draft: Known, reason: str, detail: str, received: int) -> Effects:
    """The kiosk said something that is no message."""
    effects = Effects()
    if claims(draft, rules.malformed(reason, detail), effects, received):
        conclude(draft, effects, received)
    return effects


def hear_flood(draft: Known, until: int, received: int) -> Effects:
    """The kiosk said more than any kiosk has to say, and is shut out for a while."""
    effects = Effects()
    effects.mutes[draft.id] = until
    if claims(draft, rules.flooding(until), effects, received):
        conclude(draft, effects, received)
    return effects


class _Step(NamedTuple):
    found: list[Claim]
    news: bool = False
    ack: bool = False
    outcome: str = "accepted"


def _death(draft: Known, death: Death, moment: Moment, effects: Effects) -> Heard:
    if not order.ends(draft.thread, death):
        return Heard("stale_will", effects)
    if arrive(draft, event_of(death), effects, moment.received):
        conclude(draft, effects, moment.received)
    return Heard("accepted", effects)


def _birth(draft: Known, birth: Birth, moment: Moment, effects: Effects) -> _Step:
    found = []
    effects.releases.append(ReleaseWord(draft.id, draft.name, birth))
    if rules.is_new_connection(draft, birth):
        draft.births = rules.remember(draft.births, moment.received, rules.FLAPPING)
        found += rules.connections(draft)
    if rules.is_new_boot(draft, birth):
        draft.boots = rules.remember(draft.boots, moment.received, rules.RESTARTING)
        found += rules.restarts(draft)
    upto, lost = _facts_from(draft.thread, birth, moment.stored_fact)
    found += rules.facts_lost(lost)
    draft.thread = Thread(
        birth.epoch, birth.birth, birth.seq, upto, moment.received, 0,
        birth.agent, birth.boot_id, birth.keepalive_s, birth.probes,
        birth.nonce, birth.policy, birth.number,
    )  # fmt: skip
    for probe in [probe for probe in draft.latest if probe not in birth.probes]:
        del draft.latest[probe]
    found += [Claim(c, "gone", "probe removed") for c in draft.faults if _is_of_none(c, birth)]
    found += rules.probe_failing(draft, ())  # perhaps the one that failed was removed
    return _Step(found, news=True, ack=True)


def _reading(draft: Known, reading: Reading, moment: Moment, effects: Effects) -> _Step:
    found: list[Claim] = []
    news = False
    for one in reading.observations:
        if readings.note(draft, reading, one, moment.received):
            news = True
            found += _evidence(draft, one)
    row = readings.figures(draft, reading, moment.received)
    if row is not None:
        effects.telemetry.append(row)
    found += rules.probe_silent(draft, reading, moment.received)
    if news:
        found += rules.probe_failing(draft, reading.observations)
    return _Step(found, news)


def _flip(draft: Known, flip: Flip, moment: Moment, effects: Effects) -> _Step:
    if known := _fact(draft, flip.fact):
        return _Step([], ack=True, outcome=known)
    one = flip.observation
    seen = readings.real_time(moment.received, flip.sent, one.at)
    effects.flip(
        draft,
        f"probe:{one.probe}",
        old=flip.old,
        new=one.state,
        why=one.why,
        at=seen,
        epoch=flip.epoch,
        fact=flip.fact,
    )
    last = draft.latest.get(one.probe)
    # Later than its sending: the kiosk's clock was put back, so newer looks say earlier times.
    if last is not None and (one.at < last.kiosk_at or one.at > flip.sent):
        return _Step([], ack=True)  # history: the kiosk was away and has said newer things since
    news = readings.note(draft, flip, one, moment.received)
    found = _evidence(draft, one) + rules.probe_failing(draft, (one,)) if news else []
    return _Step(found, news, ack=True)


def _result(draft: Known, result: Result, moment: Moment, effects: Effects) -> _Step:
    """A fact like a flip. What it means for its command is asked when the batch is stored."""
    if known := _fact(draft, result.fact):
        return _Step([], ack=True, outcome=known)
    row = _ended(draft, "command", result, moment, effects)
    effects.words.append(Word(draft.id, draft.name, result, row))
    return _Step([], ack=True)


def _progress(draft: Known, progress: Progress, _moment: Moment, effects: Effects) -> _Step:
    effects.words.append(Word(draft.id, draft.name, progress))
    return _Step([])


def _install(draft: Known, install: Install, moment: Moment, effects: Effects) -> _Step:
    """A fact like a flip. What it means for its rollout is asked when the batch is stored."""
    if known := _fact(draft, install.fact):
        return _Step([], ack=True, outcome=known)
    row = _ended(draft, "install", install, moment, effects)
    effects.releases.append(ReleaseWord(draft.id, draft.name, install, row))
    return _Step([], ack=True)


def _fetching(draft: Known, fetching: Fetching, _moment: Moment, effects: Effects) -> _Step:
    effects.releases.append(ReleaseWord(draft.id, draft.name, fetching))
    return _Step([])


def _ended(
    draft: Known, what: str, said: Result | Install, moment: Moment, effects: Effects
) -> Row:
    """The row of the timeline; what it was before is asked when the batch is stored."""
    return effects.flip(
        draft,
        what,
        old="unknown",
        new=said.state,
        why=said.why,
        at=readings.real_time(moment.received, said.sent, said.ended),
        epoch=said.epoch,
        fact=said.fact,
    )


def _fact(draft: Known, number: int) -> str:
    """Why this fact is not stored now; empty when it is the next one, and counted as that."""
    thread = draft.thread
    if thread is None or number != thread.fact_upto + 1:
        return "fact_again" if thread is not None and number <= thread.fact_upto else "fact_hole"
    draft.thread = thread._replace(fact_upto=number)
    return ""


def _present(_draft: Known, _message: Present, _moment: Moment, _effects: Effects) -> _Step:
    return _Step([])


_KINDS: dict[type[Header], Callable[..., _Step]] = {
    Birth: _birth,
    Reading: _reading,
    Flip: _flip,
    Present: _present,
    Progress: _progress,
    Result: _result,
    Fetching: _fetching,
    Install: _install,
}


def _advance(draft: Known, message: Header, moment: Moment) -> list[Claim]:
    """The thread moves on to this message. Returns what its clock says of the kiosk's."""
    thread, offset = draft.thread, message.sent - moment.received
    if thread is None:
        return []
    draft.thread = Thread(
        thread.epoch, message.birth, message.seq, thread.fact_upto, moment.received, offset,
        thread.agent, thread.boot_id, thread.keepalive_s, thread.probes,
        thread.nonce, thread.policy, thread.number,
    )  # fmt: skip
    return rules.clock(draft, offset, late=moment.late)


def _facts_from(thread: Thread | None, birth: Birth, stored: int) -> tuple[int, int]:
    """Up to which fact all is stored, and how many before it never will be."""
    same = thread is not None and thread.epoch == birth.epoch
    known = thread.fact_upto if thread is not None and same else stored
    upto = max(known, birth.oldest_fact - 1)
    # An epoch never heard of owes nothing: an earlier office may have stored what it dropped.
    return upto, upto - known if same or stored else 0


def _evidence(draft: Known, one: Observation) -> list[Claim]:
    """What one observation says about the codes of its probe; `unknown` says nothing."""
    if one.state == "unknown":
        return []
    said = {code for code in one.codes if judge.may_say(one.probe, code)}
    quiet = [code for code in draft.faults if code not in said and _is_of(code, one.probe)]
    found = [Claim(code, "gone", one.why) for code in quiet]
    if said:
        evidence = msgspec.to_builtins(one)
        found += [Claim(code, "seen", one.why, evidence) for code in sorted(said)]
    return found


def _is_of(code: str, probe: str) -> bool:
    return code.startswith(f"{probe}.") and probe != "kiosk"


def _is_of_none(code: str, birth: Birth) -> bool:
    """Whether no probe of this kiosk could ever clear it."""
    probe = code.partition(".")[0]
    return probe != "kiosk" and probe not in birth.probes


def _ask(draft: Known, why: str, moment: Moment) -> str:
    """Ask for a rebirth, but not again and again: the answer is a full reading."""
    if 0 <= moment.received - draft.rebirth_asked < REBIRTH_MS:
        return ""
    draft.rebirth_asked = moment.received
    return why
