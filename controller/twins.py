"""Two machines with one identity: found by a boot that comes back after another one.

Pure. A boot id is made by the kernel at each start and never again, so one kiosk shows a row of
boots and never returns to an earlier one. Two live copies of a disk do: each throws the other out
of the broker and is born again. What the broker merely brings a second time has no new number.
A disk put back once, or a clock set back, is not enough: it would lock out honest kiosks.
"""

from typing import Final, NamedTuple

from wire.messages import Birth

KEPT: Final = 8  # boots remembered of one kiosk: copies alternate, they do not wait for eight


class Boot(NamedTuple):
    """One start of a machine, with the highest number it was born by. Times of the office."""

    boot_id: str
    epoch: str
    birth: int
    first_at: int
    last_at: int


class Seen(NamedTuple):
    """The boots now remembered, oldest first; `twin` says why there are two, or nothing."""

    boots: tuple[Boot, ...]
    twin: str = ""


def see(boots: tuple[Boot, ...], birth: Birth, now: int) -> Seen:
    """A proven twin empties the memory, so that the kiosk can be let in again later."""
    if not birth.boot_id:
        return Seen(boots)
    heard = next((one for one in boots if one.boot_id == birth.boot_id), None)
    if heard is None:
        fresh = Boot(birth.boot_id, birth.epoch, birth.birth, now, now)
        return Seen((*boots, fresh)[-KEPT:])
    if (birth.epoch, birth.birth) == (heard.epoch, heard.birth) or _is_old(heard, birth):
        return Seen(boots)
    if heard is boots[-1]:
        again = heard._replace(epoch=birth.epoch, birth=birth.birth, last_at=now)
        return Seen((*boots[:-1], again))
    other = boots[-1]
    return Seen((), f"boot {_short(heard)} came back after boot {_short(other)}")


def _is_old(heard: Boot, birth: Birth) -> bool:
    return birth.epoch == heard.epoch and birth.birth < heard.birth


def _short(boot: Boot) -> str:
    return boot.boot_id[:8]
