"""Which kiosks are meant: names, a filter, a saved list; and never one of another district."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from controller.jobs.asked import Asked, check, of_json, query_of, resolve, to_json
from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import Outside
from controller.store.engine import writing
from controller.store.identity_tables import identity
from controller.words import BadQuestion
from tests.support.fleet import NOW
from tests.support.jobs import BANDUNG, JobDesk

HERE = Scope((BANDUNG,))


def names(desk: JobDesk, asked: Asked, scope: Scope = EVERYWHERE) -> list[str]:
    with desk.reading() as conn:
        return [one.name for one in resolve(conn, scope, asked)]


def test_names_are_found_once_each_and_in_order(desk: JobDesk) -> None:
    some = desk.names()[:3]
    assert names(desk, Asked(kiosks=(some[2], some[0], some[1], some[0]))) == some


def test_a_filter_finds_what_lies_in_the_scope(desk: JobDesk) -> None:
    assert names(desk, Asked(query="all=yes")) == desk.names()
    assert names(desk, Asked(query="all=yes"), HERE) == desk.names(BANDUNG)
    assert names(desk, Asked(query="presence=online&q=k-00001&sort=-heard&page=2")) == [
        name for name in desk.names() if "k-00001" in name
    ]


def test_row_69_a_name_of_another_district_is_refused(desk: JobDesk) -> None:
    theirs = next(name for name in desk.names() if name not in desk.names(BANDUNG))
    with pytest.raises(Outside, match=theirs):
        names(desk, Asked(kiosks=(desk.names(BANDUNG)[0], theirs)), HERE)


def test_an_unknown_name_is_named(desk: JobDesk) -> None:
    with pytest.raises(Refused, match="k-nobody") as refused:
        names(desk, Asked(kiosks=("k-nobody",)))
    assert refused.value.code == "unknown"


def test_a_decommissioned_kiosk_is_in_no_filter_and_refused_by_name(desk: JobDesk) -> None:
    with desk.reading() as conn:
        gone = resolve(conn, EVERYWHERE, Asked(query="all=yes"))[0]
    with writing(desk.engine) as conn:
        row = {"kiosk_id": gone.id, "state": "decommissioned", "since": NOW, "why": "old"}
        conn.execute(insert(identity).values(row))
    assert gone.name not in names(desk, Asked(query="all=yes"))
    with pytest.raises(Refused, match="decommissioned"):
        names(desk, Asked(kiosks=(gone.name,)))


def test_a_saved_list_that_is_not_there_is_unknown(desk: JobDesk) -> None:
    with pytest.raises(Refused, match="no saved list 7"):
        names(desk, Asked(saved=7))


@pytest.mark.parametrize(
    "asked",
    [Asked(), Asked(("k-1",), "all=yes"), Asked(("k-1",), saved=1), Asked(query="sort=name")],
)
def test_exactly_one_way_of_asking_is_taken(asked: Asked) -> None:
    with pytest.raises(Refused):
        check(asked)


@pytest.mark.parametrize(
    "query",
    [
        "state=red",
        "stat=fail",
        "all=no",
        "all=yes&all=yes",
        "state",
        "q=a&q=b",
        "a" * 2000,
        "site=%00",
        "apply=perhaps",
        "&".join(["state=fail"] * 60),
    ],
)
def test_a_filter_with_a_word_nobody_knows_is_refused(query: str) -> None:
    with pytest.raises((BadQuestion, Refused)):
        query_of(query)


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    try:
        query_of(text)
    except (BadQuestion, Refused):
        return


@pytest.mark.parametrize("asked", [Asked(("a", "b")), Asked(query="state=fail"), Asked(saved=3)])
def test_what_was_asked_is_stored_and_read_as_it_was(asked: Asked) -> None:
    stored: dict[str, Any] = to_json(asked)
    assert of_json(stored) == asked
