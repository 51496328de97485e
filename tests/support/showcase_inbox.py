"""What citizens of Bandung handed in these weeks, really sealed, and what officers did with it.

For pictures and for tests of the inbox. One story a line; moves are made by the house's own code at
the times they are said to have happened. Every citizen is made up.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, func, insert, select

from controller.deeds import Doer
from controller.inbox import known, limits, looks, moves, twins
from controller.people.powers import EVERYWHERE, Grant, Person
from controller.registrar import keys as registrar_keys
from controller.registrar.keys import KeyRing
from controller.registrar.opener import Opener
from controller.store.citizen_tables import (
    pack,
    record,
    record_key,
    submission,
    submission_event,
    tenant,
)
from controller.store.engine import writing
from controller.store.tables import kiosk
from provisioning import registrar_keys as keys_folder
from tests.support import showcase
from tests.support.people import add_person
from wire.submission import Contact, Content, Head, canonical, info, key_id, pad, to_sign, write

NOW: Final = showcase.NOW
HOUR: Final = showcase.HOUR
DAY: Final = 24 * HOUR
STARTER: Final = Path(__file__).parents[2] / "provisioning" / "starter"
PLANTED: Final = "3174999999990001"


class Story(NamedTuple):
    """`days` ago it came. `moves`: (days ago, login, event, why)."""

    service: str
    district: str
    agency: str
    days: float
    category: str = ""
    moves: tuple[tuple[float, str, str, str], ...] = ()
    anonymity: str = "named"
    fields: dict[str, Any] = {}  # noqa: RUF012 - only read
    like: int = -1  # merged with that story


SKTM: Final = {"nik": PLANTED, "nama": "Warga Contoh", "kk": "3174999999990002",
               "alamat": "Jalan Contoh No. 7, RT 03 RW 05", "untuk": "sekolah",
               "nama_sekolah": "SD Contoh 1", "tanggungan": 3}  # fmt: skip
KTP: Final = {"nik": PLANTED, "nama": "Warga Contoh", "sebab": "rusak"}
HOLE: Final = {"class": "complaint", "text": (
    "Jalan berlubang di depan pasar, dalamnya kira-kira sejengkal. Kalau hujan tergenang dan "
    "tidak kelihatan. Kemarin sore ada pengendara motor yang jatuh."
)}  # fmt: skip
LAMP: Final = {"class": "complaint", "text": "Tiga lampu jalan mati sejak Senin, gang gelap."}
WASTE: Final = {"class": "complaint", "text": "Sampah di TPS belum diangkut satu minggu."}
STORIES: Final = (
    Story("ADUAN-KOTA", "32.73.02", "dsdabm", 9, "jalan_rusak", fields=HOLE),
    Story("KEC-SKTM", "32.73.02", "kecamatan", 3, fields=SKTM),
    Story("ADUAN-KOTA", "32.73.02", "dsdabm", 8, "jalan_rusak", fields=HOLE, anonymity="secret"),
    Story("DUK-KTPEL", "32.73.07", "disdukcapil", 4, fields=KTP,
          moves=((3, "petugas", "verify", ""),)),
    Story("ADUAN-KOTA", "32.73.20", "dsdabm", 5, "lampu_jalan", fields=LAMP,
          moves=((4, "petugas", "verify", ""), (3, "petugas", "process", "Regu diberangkatkan"))),
    Story("KEC-SKTM", "32.73.20", "kecamatan", 6, fields=SKTM, moves=(
        (5, "petugas", "verify", ""),
        (5, "petugas", "return", "Surat pengantar RT/RW belum ada. Foto KK terpotong."))),
    Story("DUK-KTPEL", "32.73.01", "disdukcapil", 7, fields=KTP, moves=(
        (6, "pengawas", "verify", ""), (5, "petugas", "process", ""),
        (4, "petugas", "finish", "Dapat diambil di kantor kecamatan"))),
    Story("KEC-SKTM", "32.73.05", "kecamatan", 0.2, fields=SKTM),
    Story("ADUAN-KOTA", "32.73.22", "dlh", 1.5, "sampah", fields=WASTE, anonymity="anonymous"),
    Story("ADUAN-KOTA", "32.73.26", "dlh", 16, "sampah", fields=WASTE, moves=(
        (15, "petugas", "verify", ""), (14, "petugas", "process", ""),
        (11, "petugas", "finish", "Sudah diangkut, jadwal ditambah dua kali seminggu"))),
    Story("KEC-SKTM", "32.73.10", "kecamatan", 12, fields=SKTM, moves=(
        (11, "petugas", "reject", "Alamat di luar kecamatan ini: ajukan di tempat tinggal"),
    )),
    Story("DUK-KTPEL", "32.73.02", "disdukcapil", 13, fields=KTP, moves=(
        (12, "petugas", "verify", ""), (11, "petugas", "finish", ""),
        (9, "petugas", "hand_over", ""))),
    Story("KEC-SKTM", "32.04.37", "kecamatan", 2, fields=SKTM),
    Story("ADUAN-KAB", "32.04.15", "dputr", 6, "jalan_rusak", fields=HOLE),
    Story("ADUAN-KOTA", "32.73.02", "dsdabm", 7, "jalan_rusak", fields=HOLE, like=0),
    Story("DUK-KTPEL", "32.73.25", "disdukcapil", 1, fields=KTP),
)  # fmt: skip


class Inbox(NamedTuple):
    """`ids` of the stories in their order; `opener` is the registrar's own, in this process."""

    ids: list[int]
    opener: Opener
    officer: int  # accounts
    supervisor: int
    ring: KeyRing

    def at(self, engine: Engine, now: int) -> "Inbox":
        """The same over a copy of its database."""
        return self._replace(opener=Opener(engine, lambda: self.ring, lambda: now))


class Told(NamedTuple):
    """An inbox and where it stands."""

    engine: Engine
    its: Inbox


def tell(engine: Engine, folder: Path, now: int = NOW) -> Inbox:
    """Fill a told fleet's inbox. `folder` is the registrar's, made here."""
    keys_folder.begin(folder, now - 60 * DAY)
    ring = registrar_keys.load(folder)
    people = {
        "petugas": add_person(engine, "petugas", ("officer", "32.73"), name="Petugas loket"),
        "pengawas": add_person(engine, "pengawas", ("supervisor", "32.73"), name="Pengawas loket"),
    }
    with writing(engine) as conn:
        catalogue(conn, now)
        ids = [_arrive(conn, ring, n, story, now) for n, story in enumerate(STORIES)]
    for number, story in zip(ids, STORIES, strict=True):
        _work(engine, people, number, story, now)
    for number, story in zip(ids, STORIES, strict=True):
        if story.like >= 0:
            with writing(engine) as conn:
                doer = doer_of("petugas", people["petugas"])
                twins.merge(conn, doer, number, ids[story.like], version=1, now=now - 2 * DAY)
    opener = Opener(engine, lambda: ring, lambda: now)
    return Inbox(ids, opener, people["petugas"], people["pengawas"], ring)


def planted(engine: Engine, district: str, now: int = NOW, **its: Any) -> int:
    """A bare application of this district that nobody could open: its number. Cheap."""
    with writing(engine) as conn:
        site, _ = _kiosk_of(conn, district)
        n = conn.scalar(select(func.count()).select_from(record)) or 0
        came = {"kiosk_id": site, "sha256": f"{n:064x}", "body": b"", "size": 0}
        came |= {"state": "accepted", "state_at": now, "arrived_at": now}
        made = conn.scalar(insert(record).values(**came).returning(record.c.id))
        row = {"record_id": made, "kiosk_id": site, "uid": f"{n:032x}", "number": f"261122-{n:04d}",
               "kind": "apply", "tenant": district[:5], "service": "KEC-SKTM", "revision": 1,
               "agency": "kecamatan", "place": district, "made_at": now, "arrived_at": now,
               "state": "submitted", "state_at": now}  # fmt: skip
        return conn.scalar(insert(submission).values(**row | its).returning(submission.c.id)) or 0


def doer_of(login: str, account: int, role: str = "officer", district: str = "32.73") -> Doer:
    person = Person(account, login, login.title(), (Grant(role, district),))
    return Doer(person, person.scope("inbox.decide") if district else EVERYWHERE, "192.0.2.7")


def note(engine: Engine, inbox: Inbox, number: int, text: str, now: int = NOW) -> None:
    """A word among officers, sealed by the registrar."""
    sealed = inbox.opener.seal_note(number, inbox.officer, text)
    with writing(engine) as conn:
        looks.noted(conn, doer_of("petugas", inbox.officer), number, sealed, now)


def catalogue(conn: Connection, now: int) -> None:
    """Both tenants with their places, holidays and two services each."""
    free = json.loads((STARTER / "holidays.json").read_text())
    for code in ("32.73", "32.04"):
        at = STARTER / "tenants" / code
        row = {"code": code, "document": json.loads((at / "tenant.json").read_text()),
               "places": json.loads((at / "places.json").read_text()), "holidays": free,
               "changed_at": now, "changed_by": "starter"}  # fmt: skip
        conn.execute(insert(tenant).values(**row))
        for name in ("KEC-SKTM", "DUK-KTPEL"):
            document = json.loads((at / "services" / f"{name}.json").read_text())
            conn.execute(insert(pack).values(
                tenant=code, code=name, revision=1, state="published", state_at=now, version=1,
                document=document, made_by="starter", made_at=now))  # fmt: skip


def _arrive(conn: Connection, ring: KeyRing, n: int, story: Story, now: int) -> int:
    at = now - int(story.days * DAY)
    site, name = _kiosk_of(conn, story.district)
    complains = story.service.startswith("ADUAN")
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    number = f"2611{int(22 - story.days) % 31:02d}-{n + 11:04d}-K7Q3M-{'RTVWX'[n % 5]}"
    content = Content(
        id=f"{n + 1:032x}", number=number, language="id", fields=story.fields, tail="4321",
        contact=Contact(name="Warga Contoh", phone="081200004321", anonymity=story.anonymity)  # type: ignore[arg-type]
        if story.anonymity != "anonymous" else Contact(anonymity="anonymous"),
    )  # fmt: skip
    head = Head(
        kiosk=name, id=content.id, number=number, kind="complain" if complains else "apply",
        service=story.service, revision=1, tenant=story.district[:5], site=story.district,
        place=story.district, category=story.category, made_at=at - HOUR, clock="sure",
        seal=ring.public.seal[0].id, key=key_id(public), sha256="0" * 64,
    )  # fmt: skip
    sealed, _ = ring.seal(pad(msgspec.json.encode(content)), info(head), now)
    head = msgspec.structs.replace(head, sha256=_sha256(sealed))
    body = write(head, key.sign(to_sign(canonical(head))), sealed)
    public_text = base64.b64encode(public).decode()
    its = {"kiosk_id": site, "key_id": head.key, "public": public_text, "first_at": at}
    conn.execute(insert(record_key).values(**its))
    row = {
        "kiosk_id": site, "sha256": _sha256(body), "body": body, "size": len(body),
        "state": "accepted", "state_at": at, "arrived_at": at, "uid": head.id,
    }  # fmt: skip
    made = conn.scalar(insert(record).values(**row).returning(record.c.id))
    return _submit(conn, story, head, row | {"record_id": made})


def _submit(conn: Connection, story: Story, head: Head, came: dict[str, Any]) -> int:
    at = int(came["arrived_at"])
    pack_ = known.service(conn, head.tenant, head.service, 1)
    sla = pack_.standard.duration.working_days if pack_ else None
    limit = limits.first(head.kind, at, sla, known.read_calendar(conn, head.tenant))
    values = {
        "record_id": came["record_id"], "kiosk_id": came["kiosk_id"], "uid": head.id,
        "number": head.number,
        "kind": head.kind, "tenant": head.tenant, "service": head.service, "revision": 1,
        "agency": story.agency, "place": head.place, "category": head.category,
        "class_": str(story.fields.get("class", "")), "anonymity": story.anonymity,
        "made_at": head.made_at, "arrived_at": at, "state": "submitted", "state_at": at,
        "due_at": limit.due_at, "due_what": limit.what,
    }  # fmt: skip
    number = conn.scalar(insert(submission).values(**values).returning(submission.c.id)) or 0
    event = {"submission_id": number, "at": at, "by": "registrar", "event": "submit"}
    conn.execute(insert(submission_event).values(**event, old="", new="submitted"))
    return number


def _work(engine: Engine, people: dict[str, int], number: int, story: Story, now: int) -> None:
    for version, (days, login, event, why) in enumerate(story.moves, 1):
        doer = doer_of(login, people[login])
        asked = moves.Asked(number, version, event, why)
        with writing(engine) as conn:
            moves.move(conn, doer, asked, now - int(days * DAY))


def _kiosk_of(conn: Connection, district: str) -> tuple[int, str]:
    row = conn.execute(select(kiosk.c.id, kiosk.c.name).where(kiosk.c.site_code == district)).one()
    return row.id, row.name


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
