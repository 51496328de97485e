"""Whether anything can be handed in, and what is said when it cannot."""

from typing import Any

import pytest

from portal import handover
from portal.handing import Draft, Handed, NoKey, NotTaken, TooLarge, TrayFailing, TrayFull
from portal.printing import Printer
from portal.specimen import NoTray
from tests.support.citizens import a_draft
from tests.support.filling import ask
from tests.support.offered import MONDAY


class Hands(NoTray):
    """Hand in as told: gives a number, or raises."""

    def __init__(self, error: NotTaken | None = None, known_before: NotTaken | None = None) -> None:
        self._error, self._known = error, known_before

    def hand_in(self, draft: Draft) -> Handed:
        if self._error:
            raise self._error
        return Handed("261123-0001-ABCDE-F", MONDAY, draft.due, draft.service)

    def check(self) -> None:
        if self._known:
            raise self._known


def asked(hands: Hands | None, **more: Any) -> Any:
    return ask(its={"handing": hands}, **more)


@pytest.mark.parametrize(
    ("error", "why"),
    [(None, ""), (TrayFull("x"), "full"), (NoKey("x"), "nokey"), (TrayFailing("x"), "failing")],
)
def test_what_is_known_is_said_beforehand(error: NotTaken | None, why: str) -> None:
    assert handover.why_not(asked(Hands(known_before=error))) == why


def test_without_a_tray_or_keys_nothing_can_be_handed_in() -> None:
    assert handover.why_not(asked(None)) == "nokey"
    assert handover.why_not(asked(Hands(), keys=None)) == "nokey"
    assert handover.hand_in(asked(None), a_draft()) == "nokey"


@pytest.mark.parametrize(
    ("error", "why"),
    [(TrayFull("x"), "full"), (NoKey("x"), "nokey"), (TooLarge("x"), "large"),
     (TrayFailing("x"), "failing"), (NotTaken("x"), "failing")],
)  # fmt: skip
def test_every_refusal_is_a_sentence_in_three_languages(error: NotTaken, why: str) -> None:
    hands = asked(Hands(error))
    assert handover.hand_in(hands, a_draft()) == why
    for language in ("id", "su", "en"):
        sentence = hands.its.press.texts(language)(f"handed.not.{why}")
        assert sentence != f"handed.not.{why}"


def test_what_was_handed_in_has_a_number() -> None:
    handed = handover.hand_in(asked(Hands()), a_draft())
    assert isinstance(handed, Handed)


def test_a_qr_is_a_drawing_without_size_and_without_its_text() -> None:
    drawn = handover.qr("261123-0001-ABCDE-F")
    assert drawn.startswith("<svg")
    assert "261123" not in drawn
    assert "width=" not in drawn.split(">")[0]


def test_a_day_is_said_in_the_citizens_words() -> None:
    assert handover.day(ask(), MONDAY) == "23 November 2026"
    assert handover.day(ask(), 0) == ""


class Paper(Printer):
    """A print server that is there, or not."""

    def __init__(self, *, works: bool) -> None:
        self._works = works
        self.printed: list[str] = []

    def put(self, text: str) -> bool:
        self.printed.append(text)
        return self._works


@pytest.mark.parametrize(("works", "way"), [(True, "ya"), (False, "tidak")])
def test_a_receipt_is_printed_at_once_and_the_page_knows_whether(works: bool, way: str) -> None:  # noqa: FBT001 - a parameter of the test
    paper = Paper(works=works)
    at = ask(its={"printer": paper})
    handed = Handed("261123-0001-ABCDE-F", MONDAY, 0, "KEC-X-01")
    assert handover.receipt(at, handed, ["Layanan"]) == f"tanda-terima?cetak={way}"
    assert "261123-0001-ABCDE-F" in paper.printed[0]
    assert at.sitting.paper == paper.printed[0]


def test_without_a_printer_the_receipt_is_kept_and_a_pack_may_have_its_own() -> None:
    at = ask()
    handed = Handed("261123-0001-ABCDE-F", MONDAY, 0, "KEC-X-01")
    assert handover.receipt(at, handed, [], own="TANDA TERIMA") == "tanda-terima"
    assert at.sitting.paper == "TANDA TERIMA"


def test_a_receipt_says_how_to_ask_later() -> None:
    assert "4321" in handover.status_line(ask(), "4321")
    assert "petugas" in handover.status_line(ask(), "")
