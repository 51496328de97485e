"""Photos from a citizen's telephone: by a kiosk's ticket only, made anew, sealed, few."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image
from sqlalchemy import update

from controller.door.photos import FILES, MOST_GIVEN, SKEW_MS, remake
from controller.door.refusals import Refused
from controller.store.citizen_tables import photo
from controller.store.engine import writing
from controller.store.identity_tables import identity
from tests.support.door import BuildDoor, Door
from tests.support.registrar import NAME, Portal, Registry
from wire.door import PHOTO_PATH
from wire.submission import MOST_PHOTOS


def picture(size: tuple[int, int] = (64, 48), kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "green").save(out, kind, **more)
    return out.getvalue()


def located() -> bytes:
    """A picture that says where it was taken and with what."""
    exif = Image.Exif()
    exif[0x010F] = "Telepon Contoh"
    exif.get_ifd(0x8825)[1] = "S"
    return picture(exif=exif, comment=b"rahasia")


class Office(SimpleNamespace):
    registry: Registry
    door: Door
    portal: Portal

    def ticket(self, ahead_ms: int = 60_000, **lies: Any) -> str:
        return self.portal.ticket(self.door.clock() + ahead_ms, **lies)

    def give(self, ticket: str, body: bytes) -> httpx.Response:
        headers = {"authorization": f"Ticket {ticket}"} if ticket else {}
        with self.door.client() as client:
            return client.post(PHOTO_PATH, content=body, headers=headers)

    def code(self, ticket: str, body: bytes) -> str:
        return str(self.give(ticket, body).json()["code"])


@pytest.fixture
def office(registry: Registry, build_door: BuildDoor) -> Iterator[Office]:
    made = build_door(registry.url, registrar=registry.socket)
    made.warden.start()
    made.enrolled(NAME)
    with registry.listening():
        yield Office(registry=registry, door=made, portal=registry.portal())


def test_a_photo_comes_sealed_bare_and_for_its_submission_only(office: Office) -> None:
    ticket, registry = office.ticket(), office.registry
    number = registry.accepted(office.portal.complaint(ticket=ticket))
    answer = office.give(ticket, located())
    assert answer.status_code == 200, answer.text
    (row,) = registry.rows(photo)
    assert b"JFIF" not in row.body
    assert ticket not in str(row)
    who = registry.person("petugas", ("officer", "32.73"))
    (jpeg,) = registry.opener.photos(number, who)
    assert len(jpeg) == answer.json()["size"]
    with Image.open(io.BytesIO(jpeg)) as opened:
        assert opened.size == (64, 48)
        assert not opened.getexif()
    for trace in (b"Telepon", b"rahasia", b"Exif"):
        assert trace not in jpeg


def test_the_same_photo_again_is_one_and_three_are_all(office: Office) -> None:
    ticket = office.ticket()
    for _ in range(2):
        assert office.give(ticket, picture()).status_code == 200
    for side in (10, 20):
        assert office.give(ticket, picture((side, side))).status_code == 200
    assert len(office.registry.rows(photo)) == MOST_PHOTOS
    assert office.code(ticket, picture((30, 30))) == "too_many"


def test_only_a_ticket_of_one_of_our_kiosks_that_is_not_over_counts(office: Office) -> None:
    stranger = Ed25519PrivateKey.generate()
    late = office.ticket(-SKEW_MS - 1_000)
    for ticket in ("", "x", "ä".encode().hex(), office.ticket(signer=stranger), late):
        assert office.code(ticket, picture()) == "ticket"
    good = office.ticket()
    assert office.code(good[:-2] + "AA", picture()) == "ticket"
    with writing(office.registry.engine) as conn:
        conn.execute(update(identity).values(state="revoked"))
    assert office.code(good, picture()) == "ticket"
    assert office.registry.rows(photo) == []


def test_what_is_no_picture_is_refused_and_nothing_of_it_is_kept(office: Office) -> None:
    ticket = office.ticket()
    for body in (b"<svg onload=alert(1)>", b"\xff\xd8\xff" + bytes(100), b"%PDF-1.7"):
        assert office.code(ticket, body) == "type"
    assert office.code(ticket, b"") == "malformed"
    assert office.code(ticket, bytes(MOST_GIVEN + 1)) == "too_large"
    assert office.registry.rows(photo) == []


def test_without_a_registrar_no_photo_is_kept_in_the_clear(
    registry: Registry, build_door: BuildDoor
) -> None:
    made = build_door(registry.url)
    made.warden.start()
    made.enrolled(NAME)
    office = Office(registry=registry, door=made, portal=registry.portal())
    assert office.code(office.ticket(), picture()) == "registrar"
    assert registry.rows(photo) == []


def test_the_page_and_its_parts_are_given_under_a_strict_policy(office: Office) -> None:
    with office.door.client() as client:
        for path in FILES:
            answer = client.get(path)
            assert answer.status_code == 200
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["referrer-policy"] == "no-referrer"
        page = client.get(PHOTO_PATH).text
        assert "<script>" not in page
        assert "style=" not in page
        assert client.get(f"{PHOTO_PATH}/remaking.py").status_code == 404


def test_too_many_pictures_from_one_address_have_to_wait(office: Office) -> None:
    codes = [office.code("", b"x") for _ in range(21)]
    assert codes[:20] == ["ticket"] * 20
    assert codes[20] == "slow_down"


def test_a_bomb_a_polyglot_and_a_large_picture_come_out_small_or_not_at_all() -> None:
    bomb = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(Refused):
        remake(bomb.getvalue())
    polyglot = picture() + b"<script>alert(1)</script>PK\x03\x04"
    assert b"script" not in remake(polyglot)
    with Image.open(io.BytesIO(remake(picture((3_000, 2_000))))) as made:
        assert made.size == (1_600, 1_067)


def test_one_ticket_has_as_many_lines_at_once_as_it_takes_pictures(office: Office) -> None:
    """Who keeps a ticket's lines open keeps no other citizen from sending."""
    greedy, other = office.ticket(), office.ticket(120_000)
    with ThreadPoolExecutor(6) as crowd:
        pictures = [picture((40 + step, 40)) for step in range(6)]
        codes = [one.status_code for one in crowd.map(partial(office.give, greedy), pictures)]
    assert 1 <= codes.count(200) <= MOST_PHOTOS
    assert set(codes) <= {200, 429, 503}
    assert office.give(other, located()).status_code == 200
