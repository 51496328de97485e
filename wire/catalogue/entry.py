"""What the catalogue says of one fault. Shapes only: the texts stand in the files beside it."""

from typing import Literal, NamedTuple

Severity = Literal["info", "warn", "fail", "critical"]


class Text2(NamedTuple):
    """One text in the two languages of the console. Plain text: whoever shows it escapes it."""

    id: str
    en: str


class Entry(NamedTuple):
    """One kind of fault. `code` is `<device>.<what>` and is stable for ever; texts may improve."""

    code: str
    severity: Severity
    name: Text2
    advice: Text2  # what a technician does
    citizen: Text2  # what it means to the citizen in front of the kiosk
    open_after_s: float  # evidence must hold this long before the fault opens
    clear_after_s: float  # and be gone this long before it clears
