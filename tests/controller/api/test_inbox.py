"""Routes about the inbox, as a program of an officer asks."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from controller.api.app import create_api
from tests.support.inbox_desk import COBLONG, SOREANG, InboxDesk
from tests.support.people import give_token

INBOX = "/api/v1/inbox"
As = Callable[[str], TestClient]


@pytest.fixture
def inbox(office_engine: Engine) -> InboxDesk:
    return InboxDesk(office_engine)


@pytest.fixture
def as_(inbox: InboxDesk) -> As:
    app = create_api(inbox.engine, lambda: inbox.now)

    def asks(login: str) -> TestClient:
        token = give_token(inbox.engine, inbox.accounts[login], inbox.now)
        headers = {"authorization": f"Bearer {token}"}
        return TestClient(app, raise_server_exceptions=False, headers=headers)

    return asks


def test_a_queue_is_listed_counted_and_a_record_moved_on(inbox: InboxDesk, as_: As) -> None:
    number = inbox.submit()
    loket = as_("loket")
    (row,) = loket.get(INBOX).json()["rows"]
    assert (row["id"], row["state"], row["version"], row["kiosk"]) == (
        number,
        "submitted",
        1,
        "k-73-02",
    )
    assert loket.get(f"{INBOX}/counts").json()["todo"] == 1
    moved = loket.post(f"{INBOX}/{number}/move", json={"version": 1, "event": "verify"})
    assert (moved.status_code, moved.json()["state"]) == (200, "verifying")
    again = loket.post(f"{INBOX}/{number}/move", json={"version": 1, "event": "process"})
    assert (again.status_code, again.json()["who"]) == (409, "asker")
    found = loket.get(f"{INBOX}/{number}").json()
    assert [one["event"] for one in found["events"]] == ["verify"]
    assert loket.get(INBOX, params={"queue": "mine"}).json()["total"] == 1
    assert loket.post(f"{INBOX}/{number}/take", json={"version": 2}).status_code == 200


def test_many_are_moved_at_once_and_complaints_merged(inbox: InboxDesk, as_: As) -> None:
    one, two = inbox.complain(), inbox.complain()
    loket = as_("loket")
    merged = loket.post(f"{INBOX}/{two}/merge", json={"version": 1, "into": one})
    assert merged.json()["id"] == one
    picked = [{"id": one, "version": 1}, {"id": two, "version": 1}]
    told = loket.post(f"{INBOX}/many", json={"picked": picked, "event": "verify"}).json()
    assert [row["code"] for row in told] == ["", "state"]
    assert inbox.row(two).state == "verifying"


def test_the_week_in_numbers_and_a_question_nobody_understands(inbox: InboxDesk, as_: As) -> None:
    inbox.submit()
    loket = as_("loket")
    (week,) = loket.get(f"{INBOX}/numbers").json()
    assert (week["service"], week["arrived"]) == ("KEC-SKTM", 1)
    for path, asked in (("", {"queue": "x"}), ("", {"color": "red"}), ("/numbers", {"ago": 99})):
        assert loket.get(f"{INBOX}{path}", params=asked).status_code == 422
    assert loket.get(f"{INBOX}/999999").status_code == 404


def test_row_69_a_record_of_another_district_is_refused_and_the_refusal_written_down(
    inbox: InboxDesk, as_: As
) -> None:
    here, there = inbox.submit(COBLONG), inbox.submit(SOREANG)
    loket = as_("loket")
    assert [row["id"] for row in loket.get(INBOX).json()["rows"]] == [here]
    assert loket.get(f"{INBOX}/{there}").status_code == 403
    body = {"version": 1, "event": "verify"}
    assert loket.post(f"{INBOX}/{there}/move", json=body).status_code == 403
    assert inbox.log("refused") == ["refused.place", "refused.place"]
    assert inbox.row(there).state == "submitted"


def test_an_officer_gives_nothing_to_another_agency(inbox: InboxDesk, as_: As) -> None:
    number = inbox.submit()
    body = {"version": 1, "event": "reassign", "why": "salah", "agency": "disdukcapil"}
    assert as_("loket").post(f"{INBOX}/{number}/move", json=body).status_code == 403
    assert as_("pengawas").post(f"{INBOX}/{number}/move", json=body).status_code == 200


def test_what_a_citizen_wrote_is_nowhere_in_the_api(inbox: InboxDesk, as_: As) -> None:
    number = inbox.submit()
    assert as_("loket").post(f"{INBOX}/{number}/open", json={}).status_code == 404
