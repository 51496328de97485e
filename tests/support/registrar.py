"""A registrar with its keys, an office's books with two tenants, and kiosks whose portals seal.

`registry` is one on SQLite, `any_registry` one on each database; `listening` puts it behind its
socket. Everything is real: HPKE, signatures, the books. `Portal` can be told to lie.
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import Row, Table, insert, select, update

from controller import fleet
from controller.door import records
from controller.registrar import keys
from controller.registrar.clerk import Clerk
from controller.registrar.client import Registrar
from controller.registrar.desk import Desk
from controller.registrar.keys import SUITE, KeyRing
from controller.registrar.opener import Opener
from controller.registrar.seals import photo_info, ticket_sha256
from controller.registrar.server import Server
from controller.registrar.tries import Tries
from controller.store.citizen_tables import photo, record, submission
from controller.store.engine import open_engine, writing
from controller.store.tables import kiosk
from provisioning import registrar_keys
from provisioning.release import starter
from tests.support.people import add_person
from wire import ticket as tickets
from wire.submission import (
    Ack,
    Contact,
    Content,
    Head,
    Keys,
    Signed,
    ack_to_sign,
    canonical,
    info,
    key_id,
    pad,
    read_ack,
    to_sign,
    write,
)

NOW: Final = 1_795_330_800_000  # Sunday, 22 November 2026, 14:00 in Bandung
DAY: Final = 86_400_000
SITE: Final = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)
OTHER: Final = fleet.Site("32.04.15", "Soreang", "Kabupaten Bandung", -7.0253, 107.5253)
NAME: Final = "bdg-sukasari-1"
PLANTED: Final = "3174999999990001"


class Clock:
    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class Portal:
    """A kiosk's portal: its own key, and the office's to seal to."""

    def __init__(self, name: str, office: Keys) -> None:
        self.name, self.office = name, office
        self.key = Ed25519PrivateKey.generate()
        raw = self.key.public_key().public_bytes_raw()
        self.public, self.key_id = base64.b64encode(raw).decode(), key_id(raw)
        self._made = 0

    def record(self, **lies: Any) -> bytes:
        """An application for a letter. `lies`: fields of the Head or the Content, or `sealed`."""
        self._made += 1
        uid = lies.get("id", f"{self._made:032x}")
        content = self._content(uid, lies)
        fields = {name: lies[name] for name in Head.__struct_fields__ if name in lies}
        head = msgspec.structs.replace(self._head(uid), **fields)
        sealed = lies.get("sealed") or self._seal(content, head)
        head = msgspec.structs.replace(head, sha256=hashlib.sha256(sealed).hexdigest())
        signer = lies.get("signer", self.key)
        return write(head, signer.sign(to_sign(canonical(head))), sealed)

    def complaint(self, **lies: Any) -> bytes:
        usual = {"kind": "complain", "service": "ADUAN-KOTA", "category": "jalan_rusak"}
        return self.record(**{**usual, "fields": {"class": "wish", "text": "Jalan rusak"}, **lies})

    def ticket(self, expires: int, uid: str = "a" * 32, signer: Any = None) -> str:
        said = tickets.Ticket(self.name, uid, expires)
        return tickets.write(said, (signer or self.key).sign(tickets.to_sign(said)))

    def _head(self, uid: str) -> Head:
        return Head(
            kiosk=self.name,
            id=uid,
            number=f"261122-{self._made:04}-K7Q3M-R",
            kind="apply",
            service="KEC-SKTM",
            revision=1,
            tenant="32.73",
            site="32.73.01",
            place="32.73.01",
            made_at=NOW,
            clock="sure",
            seal=self.office.seal[0].id,
            key=self.key_id,
            sha256="0" * 64,
        )

    def _content(self, uid: str, lies: dict[str, Any]) -> Content:
        usual = Content(
            id=uid,
            number=f"261122-{self._made:04}-K7Q3M-R",
            language="id",
            fields={"nik": PLANTED, "nama": "Warga Contoh"},
            contact=Contact(name="Warga Contoh", phone="081200004321"),
            tail="4321",
        )
        names = [name for name in Content.__struct_fields__ if name in lies]
        changed = {name: lies[name] for name in names if name != "id"}
        return msgspec.structs.replace(usual, **changed, **lies.get("inside", {}))

    def _seal(self, content: Content, head: Head) -> bytes:
        key = next((one for one in self.office.seal if one.id == head.seal), self.office.seal[0])
        public = X25519PublicKey.from_public_bytes(base64.b64decode(key.public))
        return SUITE.encrypt(pad(canonical(content)), public, info=info(head))


class Registry:
    """The office's side: `clerk` judges, `opener` opens, `listening` answers at a socket."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.engine, self.folder = url, open_engine(url), folder
        self.clock = Clock()
        self.keys = registrar_keys.begin(folder / "keys", NOW - DAY)
        self.load()
        with writing(self.engine) as conn:
            new = [fleet.NewKiosk(NAME, SITE.code), fleet.NewKiosk("bdg-sukasari-2", SITE.code)]
            new.append(fleet.NewKiosk("kab-soreang-1", OTHER.code))
            fleet.import_fleet(conn, [SITE, OTHER], new, NOW)
            starter.tell(conn, starter.STARTER, NOW)

    def load(self) -> None:
        """Read the keys anew, as a registrar that was started anew does."""
        self.ring = keys.load(self.folder / "keys")
        self.clerk = Clerk(self.engine, self.now_held, self.clock)
        self.opener = Opener(self.engine, self.now_held, self.clock)

    def now_held(self) -> KeyRing:
        return self.ring

    def portal(self, name: str = NAME) -> Portal:
        """One whose key the office knows."""
        made = Portal(name, self.keys)
        with writing(self.engine) as conn:
            records.keep_key(conn, name, made.public, self.clock())
        return made

    def arrive(self, body: bytes, name: str = NAME) -> int:
        """The row of a record that a kiosk brought."""
        with writing(self.engine) as conn:
            return records.keep(conn, name, body, self.clock()).id

    def judged(self, body: bytes, name: str = NAME) -> Ack:
        signed = self.clerk.judge(self.arrive(body, name))
        assert signed is not None
        return self.read(signed)

    def accepted(self, body: bytes, name: str = NAME) -> int:
        """The row of the submission it became."""
        assert self.judged(body, name).outcome == "accepted"
        return int(self.rows(submission)[-1].id)

    def read(self, signed: Signed) -> Ack:
        """Verified as a kiosk does, by keys.json alone."""
        (key,) = [one for one in self.keys.ack if one.id == signed.key]
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public))
        public.verify(base64.b64decode(signed.signature), ack_to_sign(signed.text))
        return read_ack(signed.text)

    def person(self, login: str, *grants: tuple[str, str]) -> int:
        return add_person(self.engine, login, *grants)

    def rows(self, table: Table) -> list[Row[Any]]:
        with self.engine.connect() as conn:
            return list(conn.execute(select(table).order_by(*table.primary_key.columns)))

    def row(self, table: Table, number: int) -> Row[Any]:
        return next(one for one in self.rows(table) if one.id == number)

    def record_of(self, number: int) -> Row[Any]:
        return self.row(record, self.row(submission, number).record_id)

    def move(self, number: int, state: str, at: int) -> None:
        """As officers would have, long ago."""
        with writing(self.engine) as conn:
            query = update(submission).where(submission.c.id == number)
            conn.execute(query.values(state=state, state_at=at))

    def late_photo(self, ticket: str, jpeg: bytes, name: str = NAME) -> None:
        """As the door stores one from a citizen's telephone."""
        named = ticket_sha256(ticket)
        sealed, key = self.ring.seal(pad(jpeg), photo_info(named), self.clock())
        with writing(self.engine) as conn:
            kiosk_id = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name))
            row = {"ticket": named, "kiosk_id": kiosk_id, "body": sealed, "seal": key}
            sha256 = hashlib.sha256(jpeg).hexdigest()
            conn.execute(insert(photo).values(**row, sha256=sha256, at=self.clock()))

    @contextmanager
    def listening(self) -> Iterator[Registrar]:
        """A client of it, as the console has one; the door's socket is `socket`."""
        desk = self.desk()
        servers = [Server(self.officers, desk.answer), Server(self.socket, desk.answer_door)]
        try:
            yield Registrar(self.officers, wait_s=60.0)  # however busy the machine is
        finally:
            for server in servers:
                server.stop()

    def desk(self) -> Desk:
        """As one that was started anew."""
        tries = Tries(self.folder / "keys" / "tries", self.clock)
        parts = (self.engine, self.now_held, self.clerk, self.opener, self.clock)
        return Desk(*parts, tries=tries)

    @property
    def socket(self) -> Path:
        """For doors."""
        return self.folder / "registrar-door.sock"

    @property
    def officers(self) -> Path:
        return self.folder / "registrar.sock"


@pytest.fixture
def registry(sqlite_url: str, tmp_path: Path) -> Iterator[Registry]:
    made = Registry(sqlite_url, tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def any_registry(database: str, tmp_path: Path) -> Iterator[Registry]:
    made = Registry(database, tmp_path)
    yield made
    made.engine.dispose()
