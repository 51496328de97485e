"""Handing in: what a number promises, and what a cut, a full tray or a missing key do to it."""

import base64
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from portal import handing, record_key
from portal.handing import BadDraft, Handing, NoKey, TooLarge, TrayFailing, TrayFull
from tests.support import sweep
from tests.support.citizens import (
    DAY_MS,
    KIOSK,
    NOW,
    PLANTED,
    OfficeKeys,
    Wall,
    a_draft,
    a_handing,
    forms_of,
    records,
)
from tests.support.swept_kiosk import disk_of_its_own
from wire import ticket
from wire.local import OUT
from wire.submission import MOST_PHOTO, Content, Point, to_sign

KEYS = OfficeKeys()
DISK_MIB = 64  # what the tray leaves free, and some


@pytest.fixture
def hands(tmp_path: Path) -> Handing:
    return a_handing(tmp_path / "tray", KEYS)


def test_what_was_handed_in_can_be_opened_by_the_office_and_by_nobody_else(
    hands: Handing, tmp_path: Path
) -> None:
    handed = hands.hand_in(a_draft(photos=(b"\xff\xd8jpeg",), point=Point(lat=-6.9, lng=107.6)))
    (record,) = records(tmp_path / "tray")
    assert (record.head.number, record.head.made_at) == (handed.number, NOW)
    assert (handed.due, handed.service) == (NOW + 3 * DAY_MS, "KTP-EL")
    content = KEYS.open(record)
    assert content.fields["nik"] == PLANTED
    assert (content.id, content.number, content.tail) == (record.head.id, handed.number, "4321")
    with pytest.raises(InvalidTag):
        OfficeKeys().open(record)


def test_a_record_is_signed_with_the_key_that_the_agent_tells_the_office(
    hands: Handing, tmp_path: Path
) -> None:
    hands.hand_in(a_draft())
    (record,) = records(tmp_path / "tray")
    key = record_key.begin(tmp_path / "tray" / handing.OWN, tmp_path / "tray", NOW)
    assert record.head.key == key.id
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.public))
    public.verify(base64.b64decode(record.signature), to_sign(record.head_bytes))


@given(
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), st.text(max_size=3000))
)
def test_whatever_was_typed_arrives_as_it_was_typed(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, str]
) -> None:
    tray = tmp_path_factory.mktemp("tray")
    hands = a_handing(tray, KEYS)
    hands.hand_in(a_draft(fields=fields))
    assert KEYS.open(records(tray)[0]).fields == fields


def test_no_number_is_given_twice_by_threads_or_after_a_start(tmp_path: Path) -> None:
    hands, given = a_handing(tmp_path, KEYS), list[str]()
    threads = [
        threading.Thread(target=lambda: given.append(hands.hand_in(a_draft()).number))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given.append(a_handing(tmp_path, KEYS).hand_in(a_draft()).number)
    assert len(set(given)) == 13
    assert sorted(given) == sorted(one.head.number for one in records(tmp_path))


def test_who_knows_the_number_and_the_four_digits_hears_of_it_without_a_line(
    hands: Handing, tmp_path: Path
) -> None:
    handed = hands.hand_in(a_draft())
    again = a_handing(tmp_path / "tray", None)
    assert again.known(handed.number, "4321") == handed
    assert again.known(handed.number, "4322") is None
    assert again.known(handed.number, "") is None
    nameless = hands.hand_in(a_draft(tail=""))
    assert again.known(nameless.number, "") == nameless


def test_without_a_key_of_the_office_nothing_is_taken_and_no_number_counted(tmp_path: Path) -> None:
    for keys in (None, OfficeKeys(since=NOW + 1), OfficeKeys(until=NOW)):
        with pytest.raises(NoKey, match=r"keys\.json"):
            a_handing(tmp_path, keys).hand_in(a_draft())
        with pytest.raises(NoKey):
            a_handing(tmp_path, keys).check()
    assert records(tmp_path) == []


def test_a_clock_that_nobody_believes_turns_no_citizen_away(tmp_path: Path) -> None:
    for moment in (0, NOW, 2**44):
        hands = a_handing(tmp_path, OfficeKeys(since=NOW), sure=False, wall_ms=Wall(moment))
        assert hands.hand_in(a_draft()).number
    assert {one.head.clock for one in records(tmp_path)} == {"unsure"}


def test_row_63_a_full_tray_takes_nothing_more_and_forgets_nothing(tmp_path: Path) -> None:
    hands = a_handing(tmp_path, KEYS)
    hands.check()
    hands.hand_in(a_draft())
    (first,) = (tmp_path / OUT).iterdir()
    for count in range(4_999):
        (tmp_path / OUT / f"{NOW + count:013}-{count:032x}.rec").touch()
    with pytest.raises(TrayFull, match="5000 records"):
        hands.hand_in(a_draft())
    with pytest.raises(TrayFull):
        hands.check()
    assert first.exists()
    assert hands.state().records == 5_000
    assert hands.state().oldest == NOW


def test_a_disk_that_refuses_gives_no_number(hands: Handing, tmp_path: Path) -> None:
    (tmp_path / "tray" / OUT).rmdir()
    (tmp_path / "tray" / OUT).write_text("no folder")
    with pytest.raises(TrayFailing):
        hands.check()
    with pytest.raises(TrayFailing):
        hands.hand_in(a_draft())


def test_what_no_office_would_take_is_refused_while_the_citizen_is_still_here(
    hands: Handing, tmp_path: Path
) -> None:
    with pytest.raises(TooLarge, match="picture"):
        hands.hand_in(a_draft(photos=(bytes(MOST_PHOTO + 1),)))
    with pytest.raises(TooLarge, match="record"):
        hands.hand_in(a_draft(fields={"teks": "a" * 3_200_000}))
    for wrong in ({"service": "nothing"}, {"place": "Coblong"}, {"tail": "12"}):
        with pytest.raises(BadDraft):
            hands.hand_in(a_draft(**wrong))
    with pytest.raises(BadDraft):
        hands.hand_in(a_draft(fields={"nama": "\ud800"}))
    assert records(tmp_path / "tray") == []


def test_a_ticket_for_a_telephone_is_signed_by_the_same_key(hands: Handing, tmp_path: Path) -> None:
    made, signature = ticket.read(hands.ticket(600_000))
    assert (made.kiosk, made.expires) == (KIOSK, NOW + 600_000)
    key = record_key.begin(tmp_path / "tray" / handing.OWN, tmp_path / "tray", NOW)
    assert key.sign(ticket.to_sign(made)) == signature  # Ed25519 signs one text in one way


def test_row_59_nothing_that_a_citizen_typed_stands_on_the_disk() -> None:
    with disk_of_its_own(DISK_MIB) as disk:
        tray = disk.folder / "tray"
        hands = a_handing(tray, KEYS)
        hands.hand_in(a_draft())
        hands.hand_in(a_draft(kind="complain", category="jalan", fields={"teks": f"NIK {PLANTED}"}))
        image = disk.folder.with_name("disk.img")
        disk.cut_power()
        found = b"".join(path.read_bytes() for path in tray.rglob("*") if path.is_file())
        if image.exists():
            found += image.read_bytes()
        for form in (*forms_of(PLANTED), *forms_of("081200004321"), *forms_of("Warga Contoh")):
            assert form not in found
        assert hands.known("nothing", "4321") is None
        names = " ".join(str(path) for path in tray.rglob("*"))
        assert PLANTED not in names
        assert "4321" not in names.replace(str(NOW), "")


def test_row_60_power_cut_at_any_call_leaves_a_record_for_every_number_that_was_shown(
    tmp_path: Path,
) -> None:
    shown = tmp_path / "shown"

    with disk_of_its_own(DISK_MIB) as disk:
        tray = disk.folder / "tray"

        def flow(_: int, arm: Callable[[], None]) -> None:
            hands = a_handing(tray, KEYS)
            arm()
            shown.write_text(hands.hand_in(a_draft()).number)

        def check(_: int, __: sweep.Run) -> str:
            disk.cut_power()
            number = shown.read_text() if shown.exists() else ""
            shown.unlink(missing_ok=True)
            here = [one.head.number for one in records(tray)]
            assert len(set(here)) == len(here)
            assert not number or number in here
            assert all(isinstance(KEYS.open(one), Content) for one in records(tray))
            later = a_handing(tray, KEYS).hand_in(a_draft()).number
            assert later not in here
            disk.sync()
            return number

        found = sweep.each(flow, check, every=3)
    assert found[-1], "in the end it is shown"
    assert found[0] == ""
