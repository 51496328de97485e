"""Citizens at a played kiosk: now and then one hands in, through the portal's own handing.

Owns who comes when (told by dice) and what is made up: nobody is real, and every number is one
that is given to no one. What they hand in goes the whole way: sealed, kept in the kiosk's tray,
brought to the door by the kiosk's own child. Without a release that has keys nobody comes.
"""

import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from portal.catalogue import Catalogue
from portal.content import Content
from portal.handing import Draft, Handing, NotTaken
from wire.service.document import Field, Service
from wire.submission import Contact, Keys

APART_S: Final = 1_800.0  # at one kiosk, on average
AGAIN_S: Final = 60.0  # until a release has come
COMPLAINS: Final = 0.5
STORIES: Final = (
    "Contoh: lampu jalan di depan balai warga padam sejak tiga malam.",
    "Contoh: saluran air tersumbat sampah, air meluap ke jalan ketika hujan.",
    "Contoh: lubang jalan di tikungan membahayakan pengendara motor.",
    "Contoh: mohon jadwal pengangkutan sampah ditambah satu hari.",
)
MADE_UP: Final = {
    "nik": "3174999999990001",
    "kk": "3174999999990002",
    "nop": "327301000100100010",
    "nib": "9999999999999",
    "npwp": "9999999999999999",
    "date": "1990-01-01",
    "phone": "081200004321",
    "email": "warga@contoh.example",
}


class Citizens:
    """`tray` and `content` (the bundle's folder) are those of one kiosk at `site`.

    `wall_ms` dates what is handed in; `seconds` counts until the next one comes.
    """

    def __init__(
        self,
        kiosk: str,
        site: str,
        tray: Path,
        content: Path,
        dice: Random,
        *,
        wall_ms: Callable[[], int],
        seconds: Callable[[], float],
        apart_s: float = APART_S,
    ) -> None:
        self._kiosk, self._site, self._tray, self._content = kiosk, site, tray, content
        self._dice, self._wall_ms, self._seconds, self._apart_s = dice, wall_ms, seconds, apart_s
        self._due = seconds() + self._pause_s()

    def step(self) -> str:
        """The number that somebody was given just now, "" when nobody was."""
        if self._seconds() < self._due:
            return ""
        self._due = self._seconds() + AGAIN_S
        catalogue = Content(self._content, self._site).look().shown.catalogue
        if catalogue is None or catalogue.keys is None:
            return ""
        self._due = self._seconds() + self._pause_s()
        try:
            return self._handing(catalogue.keys).hand_in(self._draft(catalogue)).number
        except (NotTaken, OSError):
            return ""

    def _pause_s(self) -> float:
        return -math.log(1.0 - self._dice.random()) * self._apart_s

    def _handing(self, keys: Keys) -> Handing:
        return Handing(
            self._tray,
            self._kiosk,
            self._site,
            lambda: keys,
            wall_ms=self._wall_ms,
            sure=lambda: True,
        )

    def _draft(self, catalogue: Catalogue) -> Draft:
        forms = [one for one in catalogue.services.values() if "apply" in one.modes and one.fields]
        if not forms or self._dice.random() < COMPLAINS:
            return self._complaint(catalogue)
        service = self._dice.choice(sorted(forms, key=lambda one: one.code))
        return Draft(
            kind="apply",
            service=service.code,
            revision=service.revision,
            tenant=catalogue.tenant.code,
            place=self._village(catalogue),
            language="id",
            fields=self._filled(service, catalogue),
            contact=Contact(name="Warga Contoh", phone=MADE_UP["phone"]),
            tail=MADE_UP["phone"][-4:],
        )

    def _complaint(self, catalogue: Catalogue) -> Draft:
        village = self._village(catalogue)
        text = self._dice.choice(STORIES)
        return Draft(
            kind="complain",
            service=catalogue.tenant.complaint,
            revision=1,
            tenant=catalogue.tenant.code,
            place=village,
            category=self._dice.choice(catalogue.tenant.categories).code,
            language="id",
            fields={"class": "complaint", "text": text, "where": "", "village": village},
            contact=Contact(name="Warga Contoh", phone=MADE_UP["phone"]),
            tail=MADE_UP["phone"][-4:],
        )

    def _village(self, catalogue: Catalogue) -> str:
        """Of the kecamatan at which the kiosk stands, as most who come there."""
        near = [one for one in catalogue.places.districts if one.code == self._site]
        district = near[0] if near else self._dice.choice(catalogue.places.districts)
        return self._dice.choice(district.villages).code if district.villages else district.code

    def _filled(
        self, service: Service, catalogue: Catalogue
    ) -> dict[str, str | bool | int | tuple[str, ...]]:
        asked = [one for one in service.fields if one.kind not in ("photo", "note")]
        return {one.name: self._answer(one, catalogue) for one in asked if one.required}

    def _answer(self, asked: Field, catalogue: Catalogue) -> str | bool | int | tuple[str, ...]:
        if asked.kind == "yes_no":
            return True
        if asked.kind == "village":
            return self._village(catalogue)
        if asked.kind in ("choice", "choices") and asked.options:
            one = self._dice.choice(asked.options).value
            return (one,) if asked.kind == "choices" else one
        if asked.kind in ("integer", "rupiah"):
            return min(1, asked.most or 1)
        return MADE_UP.get(asked.kind, "Contoh")
