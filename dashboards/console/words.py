"""Turns the words of the house into sentences: reasons, facts, evidence, flips. Pure.

Reasons and facts come from kiosks: they are hostile text, cut here and escaped by the template.
What nobody has words for is shown as it is, never dropped.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from controller.words import SERVICES
from dashboards.console import times
from dashboards.console.sayings import Piece
from dashboards.console.texts import AGENTS, Texts
from wire.faults import CATALOGUE

LONGEST: Final = 200
_HIDDEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_UNITS: Final = (
    ("_percent", "%"), ("_kbps", "kbit/s"), ("_mb", "MB"), ("_ms", "ms"), ("celsius", "°C"),
    ("_per_min", "/min"), ("_kbit_s", "kbit/s"),
)  # fmt: skip
_LARGER: Final = {
    "kB": (1024, 1024, "MB"),
    "MB": (10_240, 1024, "GB"),
    "kbit/s": (10_000, 1000, "Mbit/s"),
    "ms": (10_000, 1000, "s"),
}  # from, by, unit
_SIDES: Final = ("width", "height")  # said together
_WORDS: Final = re.compile(r",\s*")
LEAST_TOLD: Final = 1e-6  # of probabilities
_FLOAT: Final = re.compile(r"[0-9.]{1,20}(e-?[0-9]{1,3})?")


class Fact(NamedTuple):
    name: str
    text: str


class Evidence(NamedTuple):
    """The observation that decided; `at` is None where nobody noted when."""

    at: int | None
    facts: tuple[Fact, ...]


class Said(NamedTuple):
    """A flip in words; `tone` names its colour and sign."""

    text: str
    tone: str


def plain(value: object) -> str:
    """Text of a kiosk as one safe line: no control or direction characters, never endless."""
    text = _HIDDEN.sub("\ufffd", str(value)[: LONGEST + 1])
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def name_of(code: str, t: Texts) -> str:
    return t.of(CATALOGUE[code].name) if code in CATALOGUE else plain(code)


def reason(why: str, t: Texts) -> str:
    """A reason as a sentence: of a fault code, a word of ours, `probe:<name>`, or as it came."""
    if why in CATALOGUE:
        return name_of(why, t)
    if why.startswith("probe:"):
        return t("why.probe", probe=probe_name(why.removeprefix("probe:"), t))
    key = f"why.{why.replace(' ', '_')}"
    return t(key) if t.known(key) else plain(why)


def said(why: str, t: Texts) -> tuple[Piece, ...]:
    """A reason that may be an agent's own sentence, in pieces that know what is English."""
    known = reason(why, t)
    if known != plain(why):
        return (Piece(known),)
    if t.language == AGENTS:
        return (Piece(known),)
    probes = plain(why).split(" ")
    if all(t.known(f"probe.{kind_of(probe)}") for probe in probes):  # who is silent
        return (Piece(", ".join(probe_name(probe, t) for probe in probes)),)
    parts = plain(why).split("; ")
    if any(_names_a_probe(part, t) for part in parts):
        told = [_of_probe(part, t) for part in parts]
        return tuple(piece for one in told for piece in (Piece("; "), *one))[1:]
    return _say(plain(why), t)


def _names_a_probe(part: str, t: Texts) -> bool:
    head, colon, _ = part.partition(": ")
    return bool(colon) and t.known(f"probe.{kind_of(head)}")


def _of_probe(part: str, t: Texts) -> tuple[Piece, ...]:
    """`power: running on battery`, as a self-test has it."""
    if not _names_a_probe(part, t):
        return _say(part, t)
    head, _, rest = part.partition(": ")
    return Piece(f"{probe_name(head, t)}: "), *_say(rest, t)


def _say(sentence: str, t: Texts) -> tuple[Piece, ...]:
    return t.sayings.say(sentence, lambda kind, text: field(kind, text, t))


def field(kind: str, text: str, t: Texts) -> str | None:
    """A field of an agent's sentence in words of this language; None where it has none."""
    wording = _FIELDS.get(kind)
    return wording(text, t) if wording else None


def _number(text: str, t: Texts) -> str:
    return text.replace(".", ",") if t.language == "id" else text


def _chance(text: str, t: Texts) -> str | None:
    return chance(float(text), t) if _FLOAT.fullmatch(text) else None


def _amiss(text: str, t: Texts) -> str:
    """`3 went back, 2 are silent`."""
    return ", ".join("".join(one.text for one in _say(part, t)) for part in text.split(", "))


def _receipt(text: str, t: Texts) -> str:
    codes = [f"receipt.{word.replace(' ', '_')}" for word in _WORDS.split(text)]
    return ", ".join(name_of(code, t) for code in codes)


def probe_name(probe: str, t: Texts) -> str:
    kind = kind_of(probe)
    if not t.known(f"probe.{kind}"):
        return plain(probe)
    return t(f"probe.{kind}") + (f" {plain(probe[len(kind) + 1 :])}" if probe != kind else "")


def kind_of(probe: str) -> str:
    """`printer` of `printer:front`."""
    return re.split(r"[.:]", probe, maxsplit=1)[0]


def facts(found: Mapping[str, Any], t: Texts, without: Iterable[str] = ()) -> tuple[Fact, ...]:
    """Every fact that is known, with its unit, in the order the kiosk gave them."""
    hidden = frozenset(without)
    known = {k: v for k, v in found.items() if v not in (None, "") and k not in hidden}
    sides = [known.get(side) for side in _SIDES]
    if all(type(side) is int for side in sides):  # a bool is no length
        known = {k: v for k, v in known.items() if k not in _SIDES}
        known["size"] = "{} × {}".format(*sides)
    return tuple(Fact(fact_name(k, t), value_text(k, v, t)) for k, v in known.items())


def fact_name(name: str, t: Texts) -> str:
    return t(f"fact.{name}") if t.known(f"fact.{name}") else plain(name.replace("_", " "))


def value_text(name: str, value: object, t: Texts) -> str:
    if isinstance(value, bool):
        return t("value.yes") if value else t("value.no")
    if not isinstance(value, int | float):
        words = _WORDS.split(plain(value)) if name == "reasons" else [plain(value)]
        return ", ".join(t(f"value.{word}") if t.known(f"value.{word}") else word for word in words)
    if name.endswith("bytes"):
        return measure(value / 1024, "kB", t)
    if name.endswith("_s") and not name.endswith("_kbit_s") and math.isfinite(value):
        return seconds(max(float(value), 0.0), t)
    return measure(value, next((unit for end, unit in _UNITS if name.endswith(end)), ""), t)


def seconds(value: float, t: Texts) -> str:
    """A length of time; a short one with its fraction."""
    if value >= 10 or value.is_integer():
        return times.span(value, t)
    return t("age.seconds", n=number(value, t))


def measure(value: float, unit: str, t: Texts) -> str:
    """With its unit, or the next larger one where the figure would be hard to read."""
    while (step := _LARGER.get(unit)) and step[0] <= abs(value) < 1e15:
        value, unit = value / step[1], step[2]
    space = "" if unit in ("%", "") else "\u00a0"
    return f"{number(value, t)}{space}{unit}"


def number(value: float, t: Texts) -> str:
    """With the separators of the language: 84.000 and 3,5 in Indonesian."""
    if isinstance(value, float) and (not math.isfinite(value) or abs(value) >= 1e15):
        return f"{value:g}"
    whole = isinstance(value, int) or float(value).is_integer()
    text = f"{value:,.0f}" if whole else f"{value:,.1f}"
    return text.translate(str.maketrans(",.", ".,")) if t.language == "id" else text


def chance(part: float, t: Texts) -> str:
    """A probability as people read it: a small one with two digits that count."""
    least = "0,0001" if t.language == "id" else "0.0001"
    if 0 < part < LEAST_TOLD:
        return f"<\u00a0{least}%"
    places = 0 if part in (0, 1) or part >= 0.1 else -1 - math.floor(math.log10(part))
    text = f"{100 * part:.{places}f}%"
    return text.replace(".", ",") if t.language == "id" else text


_FIELDS: Final[Mapping[str, Callable[[str, Texts], str | None]]] = {
    "fact": fact_name,
    "number": _number,
    "probe": probe_name,
    "reasons": lambda text, t: value_text("reasons", text, t),
    "chance": _chance,
    "amiss": _amiss,
    "receipt": _receipt,
}


def evidence(found: Mapping[str, Any], t: Texts) -> Evidence:
    """The facts of an observation, or of whatever else the judge wrote down."""
    inner = found.get("facts")
    seen = inner if isinstance(inner, Mapping) else found
    at = next((found[key] for key in ("observed_at", "at", "since") if key in found), None)
    return Evidence(
        at if isinstance(at, int) else None,
        facts({k: v for k, v in seen.items() if not isinstance(v, dict | list)}, t, _KNOWN_APART),
    )


_KNOWN_APART: Final = frozenset({"at", "observed_at", "since", "probe", "why", "state"})


def flip(subject: str, old: str, new: str, t: Texts, also: Sequence[str] = ()) -> Said:
    """`also` are further services that turned alike."""
    kind, _, name = subject.partition(":")
    if kind == "fault":
        opened = new not in ("clear", "cleared")
        entry = CATALOGUE.get(name)
        tone = (entry.severity if entry else "warn") if opened else "ok"
        word = t("flip.opened" if opened else "flip.cleared")
        return Said(f"{name_of(name, t)}: {word}", tone)
    if kind in _ENDS:
        return _end(kind, name, new, t)
    if kind == "verdict":
        names = [name, *(one.partition(":")[2] for one in also)]
        named, what = services_named(names, t), t(f"answer.{new}")
    elif kind == "probe":
        named, what = probe_name(name, t), t(f"state.{new}")
    else:
        named, what = t("flip.presence"), t(f"presence.{new}")
    before = t(f"answer.{old}" if kind == "verdict" else f"presence.{old}" if not name
               else f"state.{old}")  # fmt: skip
    return Said(f"{named}: {before} → {what}", new if new in _TONES else "none")


_ENDS: Final = {"command": "command_state", "install": "install_state"}
_END_TONES: Final = {"succeeded": "ok", "installed": "ok", "failed": "warn", "rolled_back": "warn"}


def _end(kind: str, name: str, new: str, t: Texts) -> Said:
    """How a command or a release ended at the kiosk; a release is called as its bundle is."""
    called = plain(name)
    if kind == "command" and t.known(f"command_kind.{name}"):
        called = t(f"command_kind.{name}")
    key = f"{_ENDS[kind]}.{new}"
    ended = t(key) if t.known(key) else plain(new)
    return Said(f"{called}: {ended}" if called else ended, _END_TONES.get(new, "none"))


def services_named(names: Sequence[str], t: Texts) -> str:
    """One after another, or all of them in one word."""
    if set(names) == set(SERVICES):
        return t("service.all")
    return ", ".join(t(f"service.{name}") for name in names)


_TONES: Final = frozenset(
    {"ok", "warn", "fail", "offline", "online", "unknown", "never", "yes", "no"}
)
