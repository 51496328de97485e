"""What was typed into the dialog of commands, as a Wish; and its fields, from the table of kinds.

Pure but for `now`, which is given. Every argument's field comes from wire/actions.py, so that a new
kind needs words here and nothing else. What does not parse is refused by whoever is asked next.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol
from urllib.parse import urlencode

import msgspec
from msgspec import inspect

from controller.jobs.ask import Wish
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan, Window
from wire.actions import KINDS

SINCE: Final = {"hour": 0, "day": 86_400_000, "week": 604_800_000}  # choice -> ms before now
VALID: Final = (300, 900, 3_600, 14_400, 86_400, 259_200, 604_800)  # seconds
VALID_ONE: Final = 3_600
VALID_MANY: Final = 86_400
WAVES: Final = {
    "one": ("100%",),
    "two": ("50%", "100%"),
    "canary": ("1", "100%"),
    "steps": ("1", "10%", "100%"),
}
PAUSES: Final = (0, 60, 300, 900)
WINDOWS: Final = {
    "night": Window("0 22 * * 1-5", 360),
    "lunch": Window("0 12 * * 1-5", 60),
    "weekend": Window("0 0 * * 6,0", 1_440),
}
STOPS: Final = ("20", "5", "50", "one", "never")  # the first is the house's own
TOKEN: Final = re.compile(r"[0-9a-f]{32}")


class Form(Protocol):
    """What a form or an address says."""

    def get(self, key: str, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...


class Field(NamedTuple):
    """One argument's field: `shape` is check, choice, number or text; `value` as it is shown.

    `needed`: it has no default, and must be given.
    """

    name: str
    shape: str
    value: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    needed: bool = False


def text_of(form: Form, name: str, most: int = 400) -> str:
    found = form.get(name)
    return found.strip()[:most] if isinstance(found, str) else ""


def number_of(form: Form, name: str, default: int = 0) -> int:
    text = text_of(form, name, 12)
    return int(text) if text.isascii() and text.isdecimal() else default


def target_of(form: Form) -> Asked:
    """The kiosks that are meant; which of the three it is, is checked by whoever resolves it."""
    names = dict.fromkeys(one for one in form.getlist("kiosk") if isinstance(one, str))
    return Asked(tuple(names), text_of(form, "query", 2_000), number_of(form, "saved"))


def hidden(asked: Asked) -> list[tuple[str, str]]:
    """The same kiosks once more, as fields of a form."""
    found = [("kiosk", name) for name in asked.kiosks]
    found += [("query", asked.query)] if asked.query else []
    return found + ([("saved", str(asked.saved))] if asked.saved else [])


def address(asked: Asked, kind: str = "") -> str:
    """Where the dialog for these kiosks is."""
    return "/act?" + urlencode(hidden(asked) + ([("kind", kind)] if kind else []))


def is_one(asked: Asked) -> bool:
    return len(asked.kiosks) == 1 and not asked.query and not asked.saved


def wish_of(form: Form, now: int) -> Wish:
    """Raises nothing: nonsense becomes a wish that is refused."""
    kind, asked = text_of(form, "kind", 48), target_of(form)
    token = text_of(form, "token", 32)
    usual = VALID_ONE if is_one(asked) else VALID_MANY
    return Wish(
        kind=kind,
        args=args_of(form, kind, now) if kind in KINDS else {},
        asked=asked,
        plan=Plan() if is_one(asked) else plan_of(form),
        why=text_of(form, "why", 300),
        valid_s=number_of(form, "valid", usual),
        token=token if TOKEN.fullmatch(token) else "",
        at_most=number_of(form, "seen"),
    )


def args_of(form: Form, kind: str, now: int) -> dict[str, Any]:
    """What stands in the fields; before anything was typed, what they begin with."""
    found: dict[str, Any] = {}
    for field in fields(form, kind):
        if field.name == "since":
            back = SINCE.get(field.value, 0)
            found["since"] = now - back if back else 0
        elif field.shape == "check" or field.choices == ("yes", "no"):
            found[field.name] = field.value == "yes"
        elif field.shape == "number":
            digits = field.value.isascii() and field.value.isdecimal()
            found[field.name] = int(field.value) if digits else field.value
        else:
            found[field.name] = field.value
    return found


def fields(form: Form, kind: str) -> tuple[Field, ...]:
    """The arguments of a kind with what was typed, or their defaults."""
    typed = form.get("typed") is not None
    shape = inspect.type_info(KINDS[kind].args)
    assert isinstance(shape, inspect.StructType)
    return tuple(_field(form, one, typed=typed) for one in shape.fields)


def _field(form: Form, one: inspect.Field, *, typed: bool) -> Field:
    given = text_of(form, f"arg_{one.name}", 300) if typed else None
    shape: Any = one.type
    if one.name == "since":
        return Field("since", "choice", given or "hour", tuple(SINCE))
    if isinstance(shape, inspect.BoolType) and one.required:
        return Field(one.name, "choice", given or "yes", ("yes", "no"), needed=True)
    if isinstance(shape, inspect.BoolType):
        on = given == "yes" if given is not None else bool(one.default)
        return Field(one.name, "check", "yes" if on else "no")
    default = "" if one.default is msgspec.NODEFAULT else str(one.default)
    if isinstance(shape, inspect.LiteralType):
        values = tuple(str(value) for value in shape.values)
        return Field(one.name, "choice", given or default or values[0], values)
    if isinstance(shape, inspect.IntType):
        value = given if given is not None else default or "50"
        return Field(one.name, "number", value, (), shape.ge, shape.le, one.required)
    most = getattr(shape, "max_length", None)
    return Field(one.name, "text", given or default, most=most, needed=one.required)


def plan_of(form: Form) -> Plan:
    own = [one.strip() for one in text_of(form, "waves_own", 80).split(",") if one.strip()]
    named = WAVES.get(text_of(form, "waves"), WAVES["one"])
    waves = tuple(own[:12]) if text_of(form, "waves") == "own" and own else named
    stop = text_of(form, "stop") or STOPS[0]
    return Plan(
        waves=waves,
        pause_s=number_of(form, "pause"),
        rate_per_min=number_of(form, "rate"),
        window=_window(form),
        jitter_s=number_of(form, "jitter"),
        stop_failed_percent=int(stop) if stop in STOPS and stop.isdecimal() else 0,
        stop_failed_count=1 if stop == "one" else 0,
    )


def _window(form: Form) -> Window | None:
    chosen = text_of(form, "window")
    if chosen == "own":
        return Window(text_of(form, "cron", 80), number_of(form, "window_minutes", 60))
    return WINDOWS.get(chosen)


def typed_of(form: Form, asked: Asked) -> Mapping[str, str]:
    """What the rest of the form shows: what was typed, or what it begins with."""
    usual = VALID_ONE if is_one(asked) else VALID_MANY
    found = {
        "valid": str(number_of(form, "valid", usual)),
        "waves": "one", "waves_own": "", "pause": "0", "rate": "", "window": "", "cron": "",
        "window_minutes": "60", "jitter": "", "stop": STOPS[0], "why": "",
    }  # fmt: skip
    return found | {name: text for name in found if (text := text_of(form, name))}
