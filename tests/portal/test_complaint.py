"""What is asked of somebody who complains, and what of it reaches the office."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import complaint
from portal.complaint import STEPS, Complaint
from tests.support.offered import MONDAY, catalogue
from wire.citizen import Reported
from wire.service import days
from wire.service.days import Date

TODAY = Date(2026, 11, 23)
STORY = {"text": ["Jalan berlubang di depan pasar"], "where": ["Jalan Dago 10"]}
VILLAGE = "32.73.02.1001"


def told(**more: object) -> Complaint:
    said = {
        "class_": "complaint",
        "category": "jalan",
        "village": VILLAGE,
        "text": "Jalan berlubang",
        "anonymity": "named",
        "name": "Warga Contoh",
        "phone": "081200004321",
    }
    return Complaint(**(said | more))  # type: ignore[arg-type]


def test_each_question_is_asked_in_its_turn() -> None:
    being_told = Complaint()
    said: list[tuple[str, object]] = [
        ("class_", "complaint"), ("category", "jalan"), ("village", VILLAGE), ("text", "Berlubang"),
        ("anonymity", "anonymous"),
    ]  # fmt: skip
    for path, (name, value) in zip(STEPS, said, strict=False):
        assert complaint.open_step(being_told) == path
        setattr(being_told, name, value)
    assert complaint.open_step(being_told) == "periksa"


def test_back_goes_to_the_question_before() -> None:
    assert [complaint.before(one) for one in STEPS] == ["", *STEPS[:-1]]


def test_a_story_is_taken_and_one_of_two_words_is_not() -> None:
    being_told = Complaint()
    assert complaint.tell(being_told, {"text": ["rusak"]}, TODAY).problems == {"text": "short"}
    assert complaint.tell(being_told, {"text": [" "]}, TODAY).problems == {"text": "required"}
    assert complaint.tell(being_told, {"text": ["x" * 5000]}, TODAY).problems
    assert being_told.text == ""
    assert complaint.tell(being_told, STORY, TODAY).done
    assert (being_told.text, being_told.where) == (STORY["text"][0], STORY["where"][0])


def test_three_hundred_pages_are_refused_and_leave_the_story_as_it_was() -> None:
    being_told = told()
    assert complaint.tell(being_told, {"text": ["halaman " * 120_000]}, TODAY).problems
    assert being_told.text == "Jalan berlubang"


def test_who_stays_anonymous_leaves_neither_name_nor_telephone() -> None:
    being_told = told()
    typed = {"anonymity": ["anonymous"], "name": ["Warga"], "phone": ["0812"], "pin": ["4821"]}
    assert complaint.introduce(being_told, typed, TODAY).done
    assert (being_told.name, being_told.phone, being_told.tail) == ("", "", "4821")
    handed = complaint.draft(being_told, catalogue().tenant, "id", 0)
    assert (handed.contact.name, handed.contact.phone) == ("", "")
    assert handed.contact.anonymity == "anonymous"


@pytest.mark.parametrize("pin", ["12", "12345", "abcd", "١٢٣٤"])
def test_four_digits_are_four_digits(pin: str) -> None:
    tried = complaint.introduce(Complaint(), {"anonymity": ["anonymous"], "pin": [pin]}, TODAY)
    assert tried.problems == {"pin": "pin"}


@pytest.mark.parametrize("chosen", ["named", "secret"])
def test_who_gives_a_name_may_leave_out_the_telephone(chosen: str) -> None:
    being_told = told(pin="1234", phone="")
    assert complaint.introduce(being_told, {"anonymity": [chosen]}, TODAY).problems
    assert complaint.introduce(
        being_told, {"anonymity": [chosen], "name": ["Warga Contoh"]}, TODAY
    ).done
    assert (being_told.anonymity, being_told.pin, being_told.tail) == (chosen, "", "")


@pytest.mark.parametrize("chosen", [[], ["admin"], ["NAMED"]])
def test_nothing_chosen_is_asked_again(chosen: list[str]) -> None:
    assert complaint.introduce(Complaint(), {"anonymity": chosen}, TODAY).problems == {
        "anonymity": "required"
    }


def test_only_what_is_open_of_that_category_in_that_village_is_alike() -> None:
    here = Reported(category="jalan", village=VILLAGE, count=2, newest=1, number="26112200")
    other = Reported(category="banjir", village=VILLAGE, count=9, newest=1, number="26112201")
    assert complaint.alike(told(), [other, here]) is here
    assert complaint.alike(told(), [other]) is None


def test_the_clocks_run_in_working_days_one_after_the_other() -> None:
    clocks = complaint.clocks(MONDAY, catalogue().holidays, 420)
    last = [days.iso(days.from_millis(one, 420)) for one in clocks]
    assert last == ["2026-11-26", "2026-12-03", "2026-12-17"]


def test_what_is_handed_in_names_the_place_the_category_and_the_story() -> None:
    handed = complaint.draft(told(where="Pasar"), catalogue().tenant, "su", 7)
    assert (handed.kind, handed.service, handed.place) == ("complain", "ADU-UMUM", VILLAGE)
    assert (handed.category, handed.tail, handed.due) == ("jalan", "4321", 7)
    assert handed.fields == {
        "class": "complaint", "text": "Jalan berlubang", "village": VILLAGE, "where": "Pasar",
    }  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["text", "where", "anonymity", "name", "phone", "pin"]),
        st.lists(st.text(), max_size=2),
    )
)
def test_whatever_is_typed_a_question_never_breaks(typed: dict[str, list[str]]) -> None:
    being_told = Complaint()
    complaint.tell(being_told, typed, TODAY)
    complaint.introduce(being_told, typed, TODAY)
    assert complaint.open_step(being_told) == ""
    assert len(being_told.tail) in (0, 4)
