"""How it stands, asked by number and four digits."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from portal.handing import Handed
from portal.inquiry import Inquiry
from portal.status import COLORS, trail
from portal.tries import MOST
from tests.support.offered import MONDAY, offering
from tests.support.visitor import Visitor
from wire.citizen import Answer, Standing, Sync
from wire.local import Local
from wire.service import receipt
from wire.service.days import DAY_MS, Date
from wire.service.document import STATES

NUMBER = receipt.number("bandung-coblong-01", 42, Date(2026, 11, 22))
UID = "0" * 32
READY = Standing(
    number=NUMBER,
    service="KEC-SKTM-01",
    state="ready",
    since=MONDAY,
    why="Bawa KTP asli",
    file_number="0007/KEC-SKTM/32.73.02/2026",
)
ONLINE = Local(at=MONDAY, online=True, online_since=1)


class Office(Inquiry):
    """Answers at once."""

    def __init__(self, answer: Answer | None) -> None:
        super().__init__(Path("/nowhere"))
        self.answer = answer

    def ask(self, number: str, tail: str) -> Answer | None:
        return self.answer if (number, tail) == (NUMBER, "1234") else None


class Remembered:
    """A tray that remembers one citizen."""

    def known(self, number: str, tail: str) -> Handed | None:
        if (number, tail) == (NUMBER, "1234"):
            return Handed(NUMBER, MONDAY, 0, "KEC-SKTM-01")
        return None

    def state(self) -> None:
        raise OSError


def asked(tmp_path: Path, *, number: str = NUMBER, tail: str = "1234", **its: Any) -> str:
    with offering(tmp_path, **its) as portal:
        return Visitor(portal).post("/status", number=number, tail=tail)


def test_the_office_is_asked_while_it_is_heard(tmp_path: Path) -> None:
    office = Office(Answer(id=UID, found=True, standing=READY))
    page = asked(tmp_path, local=lambda: ONLINE, inquiry=office, number=NUMBER.lower())
    assert "Siap diambil" in page
    assert "Surat Keterangan Tidak Mampu" in page
    assert "Bawa KTP asli" in page
    assert READY.file_number in page


def test_a_wrong_number_and_wrong_digits_are_one_answer(tmp_path: Path) -> None:
    office = Office(Answer(id=UID, found=False))
    page = asked(tmp_path, local=lambda: ONLINE, inquiry=office)
    assert "Tidak ditemukan" in page


def test_too_many_questions_are_told_to_wait(tmp_path: Path) -> None:
    office = Office(Answer(id=UID, found=False, wait_s=61))
    assert "dalam 2 menit" in asked(tmp_path, local=lambda: ONLINE, inquiry=office)


def test_off_line_the_last_word_is_shown_with_its_age_to_who_knows_the_digits(
    tmp_path: Path,
) -> None:
    sync = Sync(at=MONDAY - 3_600_000, standings=(READY,))
    its: dict[str, Any] = {"sync": lambda: sync, "handing": Remembered()}
    page = asked(tmp_path / "a", **its)
    assert "Siap diambil" in page
    assert "kabar terakhir" in page
    assert READY.file_number in page
    stranger = asked(tmp_path / "b", tail="9999", **its)
    assert "Siap diambil" not in stranger
    assert READY.file_number not in stranger
    assert "Kantor belum dapat dihubungi" in stranger


def test_row_64_a_receipt_left_lying_is_not_opened_by_trying_all_its_digits(tmp_path: Path) -> None:
    with offering(tmp_path, handing=Remembered()) as portal:
        for guess in range(MOST):
            page = Visitor(portal).post("/status", number=NUMBER, tail=f"{guess:04}")
            assert "Kantor belum dapat dihubungi" in page
        for tail in ("9999", "1234"):
            page = Visitor(portal).post("/status", number=NUMBER, tail=tail)
            assert "dalam 15 menit" in page


def test_what_waits_here_is_said_to_be_safe(tmp_path: Path) -> None:
    assert "Tersimpan di anjungan ini" in asked(tmp_path / "a", handing=Remembered())
    unheard = Office(Answer(id=UID, found=False))
    page = asked(tmp_path / "b", handing=Remembered(), inquiry=unheard, local=lambda: ONLINE)
    assert "Tersimpan di anjungan ini" in page


@pytest.mark.parametrize(
    ("service", "word"),
    [("KEC-SKTM-01", "Siap diambil"), ("ADU-UMUM", "Ditindaklanjuti")],
)
def test_of_a_complaint_nothing_is_said_to_be_ready_for_fetching(
    tmp_path: Path, service: str, word: str
) -> None:
    answer = Answer(id=UID, found=True, standing=msgspec.structs.replace(READY, service=service))
    page = asked(tmp_path, inquiry=Office(answer), local=lambda: ONLINE)
    assert ("Siap diambil" in page) == (word == "Siap diambil")
    assert word in page.partition("<h1")[2].partition("</h1>")[0]


@pytest.mark.parametrize(
    ("number", "tail"),
    [
        ("", ""),
        (NUMBER, "12"),
        (NUMBER[:-1] + "9", "1234"),
        ("<b>" * 300, "abcd" * 99),
        ("\0", "١٢٣٤"),
    ],
)
def test_what_is_mistyped_is_said_beside_its_field(tmp_path: Path, number: str, tail: str) -> None:
    page = asked(tmp_path, number=number, tail=tail)
    assert 'class="error"' in page
    assert 'aria-invalid="true"' in page
    assert "<b><b>" not in page


def test_every_state_has_a_colour_and_a_place_on_the_way() -> None:
    assert set(COLORS) == set(STATES)
    for state in STATES:
        way = trail(state)
        assert (state, "here") in way
        assert [one for one, _ in way].count(state) == 1


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("returned", "Bawa atau sampaikan yang kurang"),
        ("rejected", "tanyakan di loket"),
        ("ready", "untuk mengambilnya"),
        ("processing", ""),
    ],
)
def test_whose_turn_it_is_reads_what_to_do_next(tmp_path: Path, state: Any, says: str) -> None:
    office = Office(
        Answer(id=UID, found=True, standing=msgspec.structs.replace(READY, state=state))
    )
    page = asked(tmp_path, local=lambda: ONLINE, inquiry=office)
    assert says in page
    assert ("next-step" in page) == bool(says)


def test_whoever_complained_reads_how_to_object_and_until_when(tmp_path: Path) -> None:
    answered = msgspec.structs.replace(READY, service="ADU-UMUM", due=MONDAY + 14 * DAY_MS)
    office = Office(Answer(id=UID, found=True, standing=answered))
    with offering(tmp_path, local=lambda: ONLINE, inquiry=office) as portal:
        page = Visitor(portal).post("/status", number=NUMBER, tail="1234")
    assert "dibuka kembali" in page
    assert "untuk mengambilnya" not in page
