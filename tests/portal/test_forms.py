"""Which question comes next, what counts as answered, and what of it is handed in."""

from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import forms
from portal.forms import Application, Step
from tests.support.filling import APPLY, NIK
from tests.support.offered import FIELDS, pack, service, words
from wire.service import form
from wire.service.days import Date
from wire.service.document import Service, read
from wire.service.form import Page

TODAY = Date(2026, 11, 23)
QUESTIONS: list[Any] = FIELDS
JPEG = b"\xff\xd8one"
SAID = {"nik": [NIK], "nama": ["Warga Contoh"], "untuk": ["lain"]}


def filled(**answers: Any) -> Application:
    return Application(pack("KEC-SKTM-01"), answers=dict(answers))


def offered(**more: Any) -> Service:
    return read(msgspec.json.encode(service("KEC-X-01", "Contoh", modes=["apply"], **more)))


def paths(application: Application) -> list[str]:
    return [one.path for one in forms.steps(application, TODAY)]


def page(application: Application, name: str) -> Page:
    found = forms.find(application, name, TODAY)
    assert found is not None
    return found


def test_the_questions_come_first_then_telephone_and_the_check() -> None:
    wanted = ["isi/nik", "kontak", "periksa"]
    assert paths(filled()) == wanted


def test_an_answer_brings_another_question_and_another_answer_takes_it_away() -> None:
    assert "isi/sekolah" in paths(filled(untuk="sekolah"))
    assert "isi/sekolah" not in paths(filled(untuk="lain"))


def test_who_was_asked_for_a_telephone_is_not_asked_twice() -> None:
    with_phone = offered(fields=[{"name": "hp", "kind": "phone", "label": words("Telepon")}])
    assert paths(Application(with_phone)) == ["isi/hp", "periksa"]
    assert forms.phone_of(Application(with_phone, answers={"hp": "0812"}), TODAY) == "0812"


def test_a_page_of_a_strange_name_has_an_address() -> None:
    strange = Page("data diri/?#é", ())
    assert Step("ask", strange).path == "isi/data%20diri%2F%3F%23%C3%A9"


def test_a_value_that_will_do_leads_on_and_one_that_will_not_stays() -> None:
    application = filled()
    asked = page(application, "nik")
    assert forms.answer(application, asked, SAID | {"nik": ["12"]}, TODAY).problems
    assert "nik" not in application.answers
    assert forms.answer(application, asked, SAID, TODAY).done
    assert application.answers["nik"] == NIK
    assert forms.after(application, "isi/nik", TODAY) == f"{APPLY}/kontak"


def test_a_secret_left_empty_is_the_one_from_before() -> None:
    application = filled(nik=NIK)
    assert forms.answer(application, page(application, "nik"), SAID | {"nik": [" "]}, TODAY).done
    assert application.answers["nik"] == NIK


def test_a_name_left_empty_is_missing() -> None:
    application = filled(nama="Warga Contoh")
    tried = forms.answer(application, page(application, "nik"), SAID | {"nama": [""]}, TODAY)
    assert tried.problems == {"nama": "required"}


def test_a_doubt_is_said_once_and_the_same_answer_again_means_that_it_is_right() -> None:
    application = filled()
    old = "3273056010500009"  # who was born in 1950, or was it 2050
    odd = SAID | {"nik": ["9973056010900009"]}
    first = forms.answer(application, page(application, "nik"), odd, TODAY)
    assert first.warnings["nik"]
    assert not first.done
    assert forms.answer(application, page(application, "nik"), odd, TODAY).done
    assert application.warnings["nik"] == tuple(first.warnings["nik"])
    tried = forms.answer(application, page(application, "nik"), SAID | {"nik": [old]}, TODAY)
    assert tried.problems == {}


def test_a_page_that_grows_by_an_answer_is_shown_again() -> None:
    same = [{**one, "page": "untuk"} for one in QUESTIONS[2:]]
    application = Application(offered(fields=same))
    tried = forms.answer(application, page(application, "untuk"), {"untuk": ["sekolah"]}, TODAY)
    assert tried.grown
    assert not tried.done
    assert [one.name for one in page(application, "untuk").fields] == ["untuk", "sekolah"]


def test_what_is_open_is_found_whatever_was_answered_out_of_order() -> None:
    application = filled(nama="Warga Contoh", untuk="lain")
    assert forms.open_step(application, TODAY) == "isi/nik"
    application.answers["nik"] = NIK
    assert forms.open_step(application, TODAY) == "kontak"
    application.contact_seen = True
    assert forms.open_step(application, TODAY) == ""


def test_who_changes_one_answer_comes_back_to_the_check() -> None:
    application = filled(nik=NIK, nama="Warga Contoh", untuk="lain")
    application.contact_seen = application.checked = True
    assert forms.after(application, "isi/nik", TODAY) == f"{APPLY}/periksa"
    application.answers["untuk"] = "sekolah"
    assert forms.after(application, "isi/nik", TODAY) == f"{APPLY}/isi/sekolah"


def test_back_goes_one_step_and_from_the_first_to_the_service() -> None:
    assert forms.before(filled(), "kontak", TODAY) == f"{APPLY}/isi/nik"
    assert forms.before(filled(), "isi/nik", TODAY) == APPLY


def test_a_picture_counts_by_its_hash_and_only_three_fit() -> None:
    asked = [{"name": "bukti", "kind": "photo", "label": words("Foto")}]
    application = Application(offered(fields=asked))
    there = page(application, "bukti")
    assert forms.answer(application, there, {"bukti": ["0" * 64]}, TODAY).problems
    application.photos["bukti"] = [JPEG]
    assert forms.answer(application, there, {}, TODAY).done
    assert application.room == 2
    assert application.pictures() == (JPEG,)
    assert application.takes("bukti", TODAY)
    assert not application.takes("nik", TODAY)
    assert application.back("bukti", TODAY).endswith("/isi/bukti")


def test_a_paper_to_photograph_is_missing_until_there_is_a_picture() -> None:
    standard = service("KEC-X-01", "X")["standard"]
    standard["requirements"] = [{"code": "rumah", "name": words("Foto rumah"), "how": "photo"}]
    application = Application(offered(standard=standard))
    assert forms.papers_missing(application, TODAY)
    application.photos["rumah"] = [JPEG]
    assert not forms.papers_missing(application, TODAY)
    assert application.back("rumah", TODAY).endswith("/periksa")


def test_a_picture_that_may_be_added_has_no_screen_and_is_handed_in_when_it_was() -> None:
    asked = [{"name": "bukti", "kind": "photo", "label": words("Foto"), "required": False}]
    application = Application(offered(fields=asked))
    assert paths(application) == ["kontak", "periksa"]
    assert application.takes("bukti", TODAY)
    assert application.back("bukti", TODAY).endswith("/periksa")
    assert forms.kept(application, TODAY) == {}
    application.photos["bukti"] = [JPEG]
    assert forms.kept(application, TODAY) == {"bukti": (sha256(JPEG).hexdigest(),)}


@pytest.mark.parametrize(
    ("phone", "tail"), [("081200004321", "4321"), ("", ""), ("12", ""), ("٠١٢٣٤٥", "")]
)
def test_the_tail_is_four_digits_or_nothing(phone: str, tail: str) -> None:
    assert forms.tail(phone) == tail


def test_a_telephone_is_masked_for_who_stands_behind() -> None:
    assert "0812" not in forms.masked_phone("081200004321")
    assert forms.masked_phone("") == ""


@given(
    st.dictionaries(
        st.sampled_from([one["name"] for one in QUESTIONS]), st.lists(st.text(), max_size=4)
    )
)
def test_whatever_is_typed_no_page_breaks_and_nothing_wrong_is_kept(
    typed: dict[str, list[str]],
) -> None:
    application = filled()
    for one in forms.pages(application, TODAY):
        forms.answer(application, one, typed, TODAY)
    assert forms.open_step(application, TODAY)
    wrong = form.complete(application.service, application.answers, TODAY)
    assert not {one.field for one in wrong} & set(forms.kept(application, TODAY))
