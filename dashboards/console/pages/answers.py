"""A kiosk's answer to a command, in words: its state, its steps with times, its proof.

Everything a kiosk says is hostile text: cut and cleaned here, escaped by the template. Proofs are
grouped by how their names read: `x_before` and `x_after` stand beside each other, checks of a
network are a table, the rest are pairs. Pure.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.jobs.shapes import Answer
from dashboards.console import times, words
from dashboards.console.sayings import Piece
from dashboards.console.texts import Texts
from dashboards.console.words import Fact
from wire.lifecycle import OPEN

TONES: Final = {
    "queued": "none", "sent": "work", "accepted": "work", "running": "work", "succeeded": "ok",
    "failed": "fail", "rejected": "fail", "expired": "offline", "cancelled": "none",
    "unknown": "unknown",
}  # fmt: skip
STATES: Final = tuple(TONES)
STEPS: Final = ("queued", "sent", "accepted", "running", "end")
DONE: Final = ("succeeded", "failed")  # then it was begun, also where nobody noted when
PICTURES: Final = ("image/jpeg",)
STATES_SEEN: Final = ("ok", "warn", "fail", "unknown")
_SUMMARY: Final = ("not_ok", "warned", "unseen", "checked")  # said again by the table itself
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AFTER: Final = ("percent", "lit", "on")  # what stands beside a bare `before`


class Step(NamedTuple):
    """`state` is done, now or next; `at` is None where nobody noted when."""

    name: str
    state: str
    at: int | None


class Beside(NamedTuple):
    """A fact before and after."""

    name: str
    before: str
    after: str


class Check(NamedTuple):
    """One thing that was checked; `tone` names its colour and sign, `word` says it."""

    name: str
    tone: str
    word: str
    detail: str


class Shown(NamedTuple):
    """An answer, ready to be drawn. `says`: code and reason; `hint`: what is being waited for."""

    it: Answer
    what: str
    tone: str
    args: str
    says: str
    why: tuple[Piece, ...]
    note: tuple[Piece, ...]
    hint: str
    guess: str
    steps: tuple[Step, ...]
    took: str
    compared: tuple[Beside, ...]
    checks: tuple[Check, ...]
    facts: tuple[Fact, ...]
    picture: str
    download: str
    open: bool


def shown(
    answer: Answer,
    now: int,
    t: Texts,
    args: Mapping[str, Any] | None = None,
    opened: int | None = None,
) -> Shown:
    """`opened`: waves up to this one may go, where it is known."""
    compared, rest = beside(answer.facts, t)
    checked, rest = checks(answer.kind, rest, t)
    address = f"/commands/{answer.command_id}/attachment?of={answer.attachment}"
    is_picture = answer.attachment_type in PICTURES
    code = words.plain(answer.code)
    return Shown(
        it=answer,
        what=name_of(answer.kind, t),
        tone=TONES.get(answer.state, "none"),
        args=args_text(args or {}, t),
        says=t(f"command_code.{code}") if t.known(f"command_code.{code}") else code,
        why=words.said(answer.why, t) if answer.why else (),
        note=words.said(answer.note, t) if answer.note else (),
        hint=hint(answer, now, t, opened),
        guess=guessed(answer, t),
        steps=steps(answer),
        took=took(answer, t),
        compared=compared,
        checks=checked,
        facts=words.facts(rest, t),
        picture=address if is_picture else "",
        download=address if answer.attachment_type and not is_picture else "",
        open=answer.state in OPEN,
    )


def name_of(kind: str, t: Texts) -> str:
    return t(f"command_kind.{kind}") if t.known(f"command_kind.{kind}") else words.plain(kind)


def args_text(args: Mapping[str, Any], t: Texts) -> str:
    """`Tingkat (%): 40, Nyalakan: ya`."""
    return ", ".join(f"{_arg(name, t)}: {_value(one, t)}" for name, one in args.items())


def _arg(name: str, t: Texts) -> str:
    if name == "kiosk":  # its label in the dialog asks for it to be typed
        return t("list.name")
    return t(f"command_arg.{name}") if t.known(f"command_arg.{name}") else words.plain(name)


def _value(one: object, t: Texts) -> str:
    if isinstance(one, bool):
        return t("value.yes" if one else "value.no")
    text = words.plain(one)
    return t(f"command_value.{text}") if t.known(f"command_value.{text}") else text


def guessed(answer: Answer, t: Texts) -> str:
    """Why the shown state is a guess; empty: the kiosk itself, or the office, knows it."""
    if not answer.guess:
        return ""
    return t("command.guess_overdue" if answer.state == "expired" else "command.guess_silent")


def hint(answer: Answer, now: int, t: Texts, opened: int | None = None) -> str:
    """What an open command waits for."""
    if answer.state == "sent":
        return t("command.sent_more")
    return _queued(answer, now, t, opened) if answer.state == "queued" else ""


def _queued(answer: Answer, now: int, t: Texts, opened: int | None) -> str:
    until = times.clock(answer.expires, now, t)
    if answer.job_state in ("waiting", "held", "paused"):
        return t(f"job_state.{answer.job_state}")
    if answer.after > now:
        return t("command.waits_until", at=times.clock(answer.after, now, t), until=until)
    if opened is not None and answer.wave > opened:
        return t("command.waits_wave", n=answer.wave)
    if window := _window(answer, now, t):
        return window
    if answer.presence != "online":
        return t("command.waits_online", until=until)
    return t("command.waits_number")


def _window(answer: Answer, now: int, t: Texts) -> str:
    """Its turn by the rate and the hours of its job, when that is not now."""
    if answer.due > answer.expires:
        return t("command.waits_never")
    if not now < answer.due < answer.expires:
        return ""
    at, until = (times.clock(moment, now, t) for moment in (answer.due, answer.expires))
    return t("command.waits_window", at=at, until=until)


def steps(answer: Answer) -> tuple[Step, ...]:
    """Queued to ended, each with its moment where there is one."""
    ended = answer.state not in OPEN
    here = STEPS.index("end") if ended else STEPS.index(answer.state)
    at = {
        "sent": answer.sent_at,
        "accepted": answer.accepted_at,
        "running": answer.state_at if answer.state == "running" else None,
        "end": answer.ended_at or (answer.state_at if ended else None),
    }
    done = answer.state in DONE
    reached = {name: done or at.get(name) is not None for name in STEPS}
    return tuple(
        Step(name, _reached(n, here, known=reached[name], ended=ended), at.get(name))
        for n, name in enumerate(STEPS)
    )


def _reached(n: int, here: int, *, known: bool, ended: bool) -> str:
    if n == here:
        return "done" if ended else "now"
    if n > here:
        return "next"
    return "done" if n == 0 or known or not ended else "passed"


def took(answer: Answer, t: Texts) -> str:
    if answer.ended_at is None or answer.sent_at is None or answer.guess:
        return ""
    return words.seconds(max(0, answer.ended_at - answer.sent_at) / 1000, t)


def beside(facts: Mapping[str, Any], t: Texts) -> tuple[tuple[Beside, ...], dict[str, Any]]:
    """Facts that were taken before and after, and the others."""
    found, used = [], set[str]()
    for before in [name for name in facts if name == "before" or name.endswith("_before")]:
        stem = before.removesuffix("_before")
        ways = (*_AFTER, "after") if stem == "before" else (f"{stem}_after", stem)
        after = next((name for name in ways if name in facts), None)
        if after is None or facts[before] is facts[after] is None:
            continue
        name = words.fact_name("state" if after == "after" else after.removesuffix("_after"), t)
        old, new = (_short(after, facts[key], t) for key in (before, after))
        found.append(Beside(name, old, new))
        used |= {before, after}
    return tuple(found), {name: one for name, one in facts.items() if name not in used}


def _short(name: str, value: object, t: Texts) -> str:
    """Of a long identity its beginning: what is compared must fit on a phone."""
    text = "–" if value in (None, "") else words.value_text(name, value, t)
    return text.partition("-")[0] if _UUID.fullmatch(text) else text


def checks(
    kind: str, facts: Mapping[str, Any], t: Texts
) -> tuple[tuple[Check, ...], dict[str, Any]]:
    """Of a kind that checks: a line each, and the facts that are none."""
    if kind == "check_network":
        return _ways(facts, t)
    if kind == "self_test":
        seen = {name: one for name, one in facts.items() if one in STATES_SEEN}
        rest = {name: one for name, one in facts.items() if name not in (*seen, *_SUMMARY)}
        return tuple(_probe(name, str(one), t) for name, one in seen.items()), rest
    return (), dict(facts)


def _probe(name: str, state: str, t: Texts) -> Check:
    return Check(words.probe_name(name, t), state, t(f"state.{state}"), "")


def _ways(facts: Mapping[str, Any], t: Texts) -> tuple[tuple[Check, ...], dict[str, Any]]:
    """`x_ok` is a line; `x_ms` and whatever else begins with x stand beside it."""
    stems = [name.removesuffix("_ok") for name in facts if name.endswith("_ok")]
    found, used = [], set[str]()
    for stem in stems:
        mine = [name for name in facts if name.startswith(f"{stem}_") and name != f"{stem}_ok"]
        said = ", ".join(_detail(name, facts[name], stem, t) for name in mine)
        good = facts[f"{stem}_ok"] is True
        word = t("command.passed" if good else "command.not_passed")
        found.append(Check(_check_name(stem, t), "ok" if good else "fail", word, said))
        used |= {f"{stem}_ok", *mine}
    return tuple(found), {name: one for name, one in facts.items() if name not in used}


def _detail(name: str, one: object, stem: str, t: Texts) -> str:
    short, text = name.removeprefix(f"{stem}_"), words.value_text(name, one, t)
    if short in ("ms", "why"):
        return text
    key = name if t.known(f"fact.{name}") else short
    return f"{words.fact_name(key, t)} {text}"


def _check_name(stem: str, t: Texts) -> str:
    return t(f"check.{stem}") if t.known(f"check.{stem}") else words.fact_name(stem, t)
