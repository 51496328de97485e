"""The usual ways of answering."""

from http import HTTPStatus

from portal.answer import go, said


def test_a_form_leads_on_by_303_so_that_going_back_sends_nothing_twice() -> None:
    answer = go("/status")
    assert answer.status == HTTPStatus.SEE_OTHER
    assert answer.headers == {"Location": "/status"}


def test_what_no_citizen_sees_says_only_its_status() -> None:
    assert said(HTTPStatus.FORBIDDEN).body == b"Forbidden"
