"""What a kiosk hands in has one place: its own command's, until the kiosk said how that ended."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from controller import fleet
from controller.door import handed
from controller.door.refusals import Refused
from controller.store.command_tables import attachment
from controller.store.engine import writing
from provisioning.players.devices import picture
from tests.support.door import SITE
from tests.support.handing import FRAME, GZIP, JPEG, commanded
from wire.actions import KINDS
from wire.door import MOST_ATTACHMENT, Stored

NAME, OTHER = "bdg-sukasari-1", "bdg-sukasari-2"


@pytest.fixture
def office(office_engine: Engine) -> Engine:
    with writing(office_engine) as conn:
        kiosks = [fleet.NewKiosk(name, SITE.code) for name in (NAME, OTHER)]
        fleet.import_fleet(conn, [SITE], kiosks, 1)
    return office_engine


def hand_in(office: Engine, command: str, body: bytes, name: str = NAME) -> Stored:
    with writing(office) as conn:
        return handed.keep(conn, handed.wanted(conn, command, name), body, 9)


def made(office: Engine, kind: str = "screenshot", state: str = "running") -> str:
    with writing(office) as conn:
        return commanded(conn, NAME, kind, state)


def bodies(office: Engine) -> list[bytes]:
    with office.connect() as conn:
        return list(conn.scalars(select(attachment.c.body)))


def test_the_same_again_is_the_same_answer(office: Engine) -> None:
    command = made(office)
    first = hand_in(office, command, JPEG)
    assert first == Stored(hashlib.sha256(JPEG).hexdigest(), len(JPEG))
    assert hand_in(office, command, JPEG) == first
    assert bodies(office) == [JPEG]


@pytest.mark.parametrize("state", ["queued", "sent", "accepted", "running", "expired", "unknown"])
def test_a_command_done_again_after_a_cut_hands_in_anew(office: Engine, state: str) -> None:
    command = made(office, state=state)
    hand_in(office, command, JPEG)
    later = JPEG[:-2] + b"later\xff\xd9"
    hand_in(office, command, later)
    assert bodies(office) == [later]


@pytest.mark.parametrize("state", ["succeeded", "failed", "rejected", "cancelled"])
def test_what_belongs_to_a_command_that_ended_stands(office: Engine, state: str) -> None:
    command = made(office, state=state)
    with pytest.raises(Refused, match="taken"):
        hand_in(office, command, JPEG)
    assert bodies(office) == []


def test_nobody_hands_in_for_another_or_for_nothing(office: Engine) -> None:
    command, silent = made(office), made(office, "noop")
    said = set()
    for name, wish in ((OTHER, command), (NAME, "0" * 32), (NAME, silent), ("nobody", command)):
        with pytest.raises(Refused) as refused:
            hand_in(office, wish, JPEG, name)
        said.add((refused.value.code, refused.value.detail))
    assert len(said) == 1, "whether a command exists is nobody else's business"
    assert bodies(office) == []


def test_every_kind_that_hands_in_exists_and_has_a_size() -> None:
    assert set(handed.TYPES) <= set(KINDS)
    assert set(handed.TYPES.values()) == set(MOST_ATTACHMENT)


@pytest.mark.parametrize("sides", [b"\xff\xdc\xff\xdc", b"\x00\x01\x20\x01", b"\x00\x00\x00\x10"])
def test_a_picture_that_would_fill_a_telephone_is_refused(sides: bytes) -> None:
    with pytest.raises(Refused, match="pixels"):
        handed.check(JPEG.replace(FRAME[5:9], sides), "image/jpeg")
    with pytest.raises(Refused, match="pixels"):
        handed.check(JPEG.replace(FRAME, b""), "image/jpeg")
    handed.check(picture.jpeg("a page"), "image/jpeg")


def test_bytes_of_the_right_type_pass() -> None:
    handed.check(JPEG, "image/jpeg")
    handed.check(GZIP, "application/gzip")


@given(st.binary(max_size=40), st.sampled_from(sorted(MOST_ATTACHMENT)))
def test_other_bytes_do_not(body: bytes, type_: str) -> None:
    for wrong in (b"x" + body, b"<html>" + JPEG, JPEG[1:] + body, GZIP[2:]):
        with pytest.raises(Refused, match="type"):
            handed.check(wrong, type_)
