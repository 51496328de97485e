"""Which questions are asked, what is kept of the answers, and when all of it may be handed in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import FIELDS, NIK, field, service, words
from wire.service import days, form, values
from wire.service.expression import Value
from wire.service.form import Page, Problem

TODAY = days.date(2026, 11, 22)
PACK = service()
LOST: dict[str, Value] = {"nik": NIK, "alasan": "hilang", "polisi": "LP/1"}
answers_of_any_kind = st.dictionaries(
    st.sampled_from([each.name for each in FIELDS] + ["lain"]),
    st.one_of(st.text(max_size=10), st.booleans(), st.integers(), st.just(NIK),
              st.sampled_from(["baru", "hilang", "2026-01-01"]), st.just(("a",))),
)  # fmt: skip


def names(answers: dict[str, Value]) -> list[str]:
    return [each.name for page in form.pages(PACK, answers, TODAY) for each in page.fields]


def test_a_question_is_asked_when_its_condition_holds() -> None:
    assert names({}) == ["nik", "alasan"]
    assert names({"alasan": "hilang"}) == ["nik", "alasan", "polisi"]
    assert names(LOST) == ["nik", "alasan", "polisi", "sejak"]


def test_a_page_is_called_by_the_first_that_stands_on_it_whoever_of_it_is_asked() -> None:
    pages = form.pages(PACK, {"alasan": "hilang"}, TODAY)
    assert [page.name for page in pages] == ["nik", "polisi"]
    sometimes = service(fields=(field("z"), field("a", when="z == 'x'"), field("b")))
    assert [page.name for page in form.pages(sometimes, {}, TODAY)] == ["z", "a"]
    assert [each.name for each in form.pages(sometimes, {}, TODAY)[1].fields] == ["b"]


def test_a_picture_that_may_be_added_stands_on_no_page() -> None:
    pack = service(fields=(field("a"), field("foto", "photo", required=False)))
    assert [page.name for page in form.pages(pack, {}, TODAY)] == ["a"]
    assert [each.name for each in form.offered(pack, {}, TODAY)] == ["foto"]


def test_an_answer_to_what_is_asked_no_longer_does_not_count() -> None:
    turned = {**LOST, "alasan": "baru", "sejak": "2026-01-01"}
    assert form.kept(PACK, turned, TODAY) == {"nik": NIK, "alasan": "baru"}
    assert names(turned) == ["nik", "alasan"]


def test_what_is_typed_into_a_page_joins_the_answers() -> None:
    page = form.pages(PACK, {}, TODAY)[0]
    typed = {"nik": ["3273 0560 1090 0009"], "alasan": ["baru"]}
    filled = form.fill(PACK, page, typed, {}, TODAY)
    assert filled.answers == {"nik": NIK, "alasan": "baru"}
    assert filled.problems == ()


def test_what_will_not_do_is_named_and_the_old_answer_is_gone() -> None:
    page = form.pages(PACK, {}, TODAY)[0]
    filled = form.fill(PACK, page, {"nik": ["1"], "alasan": ["baru"]}, {"nik": NIK}, TODAY)
    assert filled.problems == (Problem("nik", "nik_length"),)
    assert filled.answers == {"alasan": "baru"}


def test_a_check_that_does_not_hold_is_a_problem() -> None:
    page = form.pages(PACK, {}, TODAY)[0]
    child = "3273052010200001"
    typed = {"nik": [child], "alasan": ["baru"]}
    assert form.fill(PACK, page, typed, {}, TODAY).problems == (Problem("nik", "check"),)
    assert Problem("nik", "check") in form.complete(PACK, {"nik": child, "alasan": "baru"}, TODAY)


def test_a_warning_goes_with_its_field_and_the_answer_is_taken() -> None:
    page = form.pages(PACK, {}, TODAY)[0]
    filled = form.fill(PACK, page, {"nik": [NIK]}, {}, TODAY, regions={"3204"})
    assert filled.warnings == {"nik": ("area",)}
    assert filled.answers == {"nik": NIK}


def test_a_number_from_another_tenant_is_warned_of_unasked() -> None:
    page = form.pages(PACK, {}, TODAY)[0]
    filled = form.fill(PACK, page, {"nik": ["3204056010900009"]}, {}, TODAY)
    assert filled.warnings == {"nik": ("area",)}
    assert filled.answers == {"nik": "3204056010900009"}


def test_a_field_of_a_page_that_another_turns_off_is_passed_over() -> None:
    pack = service(
        fields=(field("ada", "yes_no", page="p"), field("apa", page="p", when="ada == ya"))
    )
    page = Page("p", pack.fields)
    said_no = form.fill(pack, page, {"ada": ["tidak"], "apa": ["x"]}, {}, TODAY)
    said_yes = form.fill(pack, page, {"ada": ["ya"], "apa": [""]}, {}, TODAY)
    assert said_no.answers == {"ada": False}
    assert said_no.problems == ()
    assert said_yes.problems == (Problem("apa", "required"),)


def test_what_is_missing_is_said_in_the_order_of_the_pack() -> None:
    assert form.complete(PACK, {}, TODAY) == (
        Problem("nik", "required"),
        Problem("alasan", "required"),
    )
    assert form.complete(PACK, {"alasan": "hilang"}, TODAY)[-1] == Problem("polisi", "required")
    assert form.complete(PACK, LOST, TODAY) == ()


@pytest.mark.parametrize("value", [" 3273056010900009", 3273056010900009, True, (NIK,)])
def test_what_was_not_normalised_here_is_not_complete(value: Value) -> None:
    wrong = form.complete(PACK, {**LOST, "nik": value}, TODAY)
    assert [problem.field for problem in wrong] == ["nik"]


@given(answers_of_any_kind)
def test_whatever_was_answered_there_are_pages_and_what_is_wrong(answers: dict[str, Value]) -> None:
    pages = form.pages(PACK, answers, TODAY)
    asked = {each.name for page in pages for each in page.fields}
    kept = form.kept(PACK, answers, TODAY)
    assert set(kept) <= asked
    assert form.kept(PACK, kept, TODAY) == kept
    assert form.complete(PACK, kept, TODAY) == form.complete(PACK, answers, TODAY)
    assert {problem.field for problem in form.complete(PACK, answers, TODAY)} <= asked


@given(st.data())
def test_a_form_filled_page_by_page_comes_to_its_end(data: st.DataObject) -> None:
    good = {
        "nik": [NIK],
        "alasan": [data.draw(st.sampled_from(["baru", "hilang"]))],
        "polisi": [data.draw(st.text(max_size=20))],
        "sejak": ["1", "2", "2026"],
    }
    answers: dict[str, Value] = {}
    for _ in PACK.fields:
        for page in form.pages(PACK, answers, TODAY):
            answers = form.fill(PACK, page, good, answers, TODAY).answers
    wrong = form.complete(PACK, answers, TODAY)
    assert wrong == () or wrong == (Problem("polisi", "required"),)


def test_papers_and_fees_are_those_of_this_citizen() -> None:
    assert [each.code for each in form.requirements(PACK, LOST, TODAY)] == ["ktp", "hilang"]
    assert [each.code for each in form.requirements(PACK, {}, TODAY)] == ["ktp"]
    assert [each.rupiah for each in form.fees(PACK, LOST, TODAY)] == [0, 50_000]


def test_a_condition_that_is_none_asks_nothing_and_breaks_nothing() -> None:
    pack = service(fields=(field("a"), field("b", when="a ==")))
    assert [each.name for each in form.pages(pack, {}, TODAY)[0].fields] == ["a"]


def test_a_note_is_shown_and_never_answered() -> None:
    pack = service(fields=(field("catatan", "note"), field("a", required=False)))
    filled = form.fill(pack, form.pages(pack, {}, TODAY)[0], {"catatan": ["x"]}, {}, TODAY)
    assert filled.answers == {}
    assert form.complete(pack, {}, TODAY) == ()


@pytest.mark.parametrize("more", [{"options": ()}, {"most": 1}])
def test_a_pack_that_asks_the_impossible_only_refuses(more: dict[str, Any]) -> None:
    pack = service(fields=(field("x", "choice" if "options" in more else "text", **more),))
    page = form.pages(pack, {}, TODAY)[0]
    filled = form.fill(pack, page, {"x": ["dua kata"]}, {}, TODAY)
    assert values.says(filled.problems[0].code, page.fields[0]) != words("")
