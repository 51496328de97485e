"""An office with three kiosks, two tenants and officers, whose inbox a test fills and works on."""

from typing import Any, Final

from sqlalchemy import Engine, select, update

from controller import fleet
from controller.deeds import Doer
from controller.inbox import moves, read
from controller.inbox.moves import Asked
from controller.inbox.shapes import Row
from controller.people.audit import Filter
from controller.people.audit import read as read_log
from controller.people.powers import EVERYWHERE, Grant, Person
from controller.store.citizen_tables import submission
from controller.store.engine import writing
from tests.support import showcase_inbox
from tests.support.people import add_person

NOW: Final = showcase_inbox.NOW  # Sunday, 22 November 2026, 10.00 WIB
DAY: Final = showcase_inbox.DAY
COBLONG, ANTAPANI, SOREANG = "32.73.02", "32.73.20", "32.04.37"
_SITES: Final = {COBLONG: "Coblong", ANTAPANI: "Antapani", SOREANG: "Soreang"}


class InboxDesk:
    """`now` may be set. Officers: `loket` (32.73), `pengawas` (supervisor there), `soreang`."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now = engine, NOW
        sites = [fleet.Site(code, name, "", -6.9, 107.6) for code, name in _SITES.items()]
        kiosks = [fleet.NewKiosk(f"k-{code[-5:].replace('.', '-')}", code) for code in _SITES]
        with writing(engine) as conn:
            fleet.import_fleet(conn, sites, kiosks, NOW - 30 * DAY)
            showcase_inbox.catalogue(conn, NOW)
        self.accounts: dict[str, int] = {}
        self.loket = self.person("loket", ("officer", "32.73"))
        self.pengawas = self.person("pengawas", ("supervisor", "32.73"))
        self.soreang = self.person("soreang", ("officer", "32.04"))

    def person(self, login: str, *grants: tuple[str, str]) -> Doer:
        self.accounts[login] = add_person(self.engine, login, *grants)
        held = tuple(Grant(*one) for one in grants)
        person = Person(self.accounts[login], login, login, held)
        return Doer(person, person.scope("inbox.decide"), "192.0.2.7")

    def submit(self, district: str = COBLONG, **its: Any) -> int:
        return showcase_inbox.planted(self.engine, district, self.now, **its)

    def complain(self, district: str = COBLONG, **its: Any) -> int:
        tenant = district[:5]
        service = "ADUAN-KOTA" if tenant == "32.73" else "ADUAN-KAB"
        usual = {"kind": "complain", "service": service, "category": "jalan_rusak",
                 "agency": "dsdabm", "class_": "complaint"}  # fmt: skip
        return self.submit(district, **usual | its)

    def move(self, number: int, event: str, by: Doer | None = None, **more: Any) -> Row:
        asked = Asked(number, more.pop("version", self.row(number).version), event, **more)
        with writing(self.engine) as conn:
            return moves.move(conn, by or self.loket, asked, self.now)

    def row(self, number: int) -> Row:
        with self.engine.connect() as conn:
            return read.find(conn, EVERYWHERE, number)

    def set(self, number: int, **values: Any) -> None:
        with writing(self.engine) as conn:
            conn.execute(update(submission).where(submission.c.id == number).values(**values))

    def ids(self) -> list[int]:
        with self.engine.connect() as conn:
            return list(conn.scalars(select(submission.c.id).order_by(submission.c.id)))

    def log(self, what: str = "inbox") -> list[str]:
        """What was written down, oldest first."""
        with self.engine.connect() as conn:
            found = read_log(conn, EVERYWHERE, Filter(what=what))
        return [row.what for row in reversed(found.rows)]
