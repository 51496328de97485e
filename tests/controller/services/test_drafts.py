"""A pack's life: two who edit one, a second person, and every move that is not in the table."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, select

from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.services import drafts, read
from controller.services.shapes import Pack
from controller.store.engine import writing
from controller.store.people_tables import audit

SITI, KEPALA = By("penyusun", "192.0.2.1"), By("kepala", "192.0.2.2")


def begun(conn: Connection, pack: dict[str, Any]) -> Pack:
    return drafts.begin(conn, pack, SITI, 10)


def test_a_pack_is_written_reviewed_and_approved(conn: Connection, pack: dict[str, Any]) -> None:
    one = begun(conn, pack)
    one = drafts.save(conn, one.id, one.version, {**pack, "decree": "SK 1"}, SITI, 11)
    assert (one.version, one.document["decree"]) == (2, "SK 1")
    assert drafts.submit(conn, one.id, SITI, 12).state == "review"
    done = drafts.approve(conn, one.id, KEPALA, 13)
    assert (done.state, done.reviewed_by) == ("approved", "kepala")
    said = list(conn.scalars(select(audit.c.what).order_by(audit.c.n)))
    assert said == ["service.begin", "service.submit", "service.approve"]


def test_of_two_who_edit_one_the_second_is_told(books: Engine, pack: dict[str, Any]) -> None:
    with writing(books) as conn:
        one = begun(conn, pack)
        drafts.save(conn, one.id, one.version, {**pack, "decree": "SK 1"}, SITI, 11)
    with writing(books) as conn, pytest.raises(Refused, match="penyusun saved it") as refused:
        drafts.save(conn, one.id, one.version, {**pack, "decree": "SK 2"}, KEPALA, 12)
    assert refused.value.code == "version"
    with books.connect() as conn:
        assert read.find(conn, one.id).document["decree"] == "SK 1"


def test_nobody_approves_what_they_wrote(conn: Connection, pack: dict[str, Any]) -> None:
    one = begun(conn, pack)
    drafts.submit(conn, one.id, KEPALA, 12)
    for person in (SITI, KEPALA):
        with pytest.raises(Refused) as refused:
            drafts.approve(conn, one.id, person, 13)
        assert refused.value.code == "self"


def test_what_is_unsound_is_not_sent_to_review(conn: Connection, pack: dict[str, Any]) -> None:
    one = begun(conn, {**pack, "agency": "tidak_ada"})
    with pytest.raises(Refused) as refused:
        drafts.submit(conn, one.id, SITI, 12)
    assert refused.value.code == "unsound"


def test_a_second_draft_of_one_service_is_refused(conn: Connection, pack: dict[str, Any]) -> None:
    begun(conn, pack)
    with pytest.raises(Refused) as refused:
        drafts.begin(conn, pack, KEPALA, 11)
    assert refused.value.code == "state"
    with pytest.raises(Refused) as refused:
        drafts.begin(conn, pack, KEPALA, 11, anew=True)
    assert refused.value.code == "exists"


def test_a_file_goes_into_the_open_draft(conn: Connection, pack: dict[str, Any]) -> None:
    one = drafts.replace(conn, pack, SITI, 10)
    again = drafts.replace(conn, {**pack, "decree": "SK 9", "revision": 77}, KEPALA, 11)
    assert (again.id, again.revision, again.document["decree"]) == (one.id, 1, "SK 9")


def test_a_pack_may_be_sent_back_and_dropped(conn: Connection, pack: dict[str, Any]) -> None:
    one = begun(conn, pack)
    drafts.submit(conn, one.id, SITI, 12)
    with pytest.raises(Refused, match="say"):
        drafts.send_back(conn, one.id, "  ", KEPALA, 13)
    back = drafts.send_back(conn, one.id, "Biayanya salah", KEPALA, 13)
    assert (back.state, back.why) == ("draft", "Biayanya salah")
    assert drafts.drop(conn, one.id, SITI, 14).state == "dropped"
    assert drafts.begin(conn, pack, SITI, 15).revision == 2


@pytest.mark.parametrize("move", [drafts.approve, drafts.retire])
def test_a_move_that_is_not_in_the_table_is_refused(
    conn: Connection, pack: dict[str, Any], move: Any
) -> None:
    one = begun(conn, pack)
    with pytest.raises(Refused) as refused:
        move(conn, one.id, KEPALA, 12)
    assert refused.value.code == "state"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"tenant": "11.11"}, "tenant"), ({"code": "kecil"}, "code"),
     ({"decree": "x" * 300_000}, "too_large")],
)  # fmt: skip
def test_what_cannot_be_begun_is_refused(
    conn: Connection, pack: dict[str, Any], change: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        drafts.begin(conn, pack | change, SITI, 10)
    assert refused.value.code == code


@pytest.mark.parametrize("value", ["\ud800", "a\0b", 10**30, float("inf"), ["a"], {"a": "\0"}])
@pytest.mark.parametrize("key", ["tenant", "code", "name"])
def test_what_no_table_takes_is_refused_and_nothing_breaks(
    books: Engine, pack: dict[str, Any], key: str, value: Any
) -> None:
    with writing(books) as conn:
        one = begun(conn, pack)
    hostile = {**pack, key: value}

    def acts(conn: Connection) -> Iterator[Callable[[], Pack]]:
        yield lambda: drafts.begin(conn, hostile, SITI, 12, anew=True)
        yield lambda: drafts.replace(conn, hostile, SITI, 12)
        yield lambda: drafts.save(conn, one.id, one.version, hostile, SITI, 12)

    with writing(books) as conn:
        codes = {refusal(act) for act in acts(conn)}
    assert codes <= {"", "unsound", "tenant", "code", "exists", "version"}


def refusal(act: Callable[[], object]) -> str:
    try:
        act()
    except Refused as error:
        return error.code
    return ""
