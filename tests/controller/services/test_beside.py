"""A service pack beside the others of its government: letters, places, and whom it is said to."""

from typing import Any

import pytest
from sqlalchemy import Engine, update

from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.services import drafts
from controller.services.beside import examined
from controller.services.shapes import Pack
from controller.store.citizen_tables import pack as table
from controller.store.citizen_tables import tenant
from controller.store.engine import writing

SITI, KEPALA = By("penyusun", "192.0.2.1"), By("kepala", "192.0.2.2")


def queueing(pack: dict[str, Any], code: str, agency: str, letter: str = "Q") -> dict[str, Any]:
    modes = [*pack["modes"], *(() if "queue" in pack["modes"] else ("queue",))]
    return pack | {"code": code, "agency": agency, "modes": modes, "queue": {"letter": letter}}


def written(books: Engine, document: dict[str, Any]) -> Pack:
    with writing(books) as conn:
        return drafts.begin(conn, document, SITI, 1)


def sent(books: Engine, document: dict[str, Any]) -> Pack:
    one = written(books, document)
    with writing(books) as conn:
        return drafts.submit(conn, one.id, SITI, 1)


def paths(books: Engine, document: dict[str, Any]) -> list[str]:
    with books.connect() as conn:
        found = examined(conn, document)
    assert all(one.id and one.en for one in found.complaints)
    return [one.where for one in found.complaints]


def test_a_letter_of_another_agencys_queue_is_named(books: Engine, pack: dict[str, Any]) -> None:
    sent(books, queueing(pack, "KEC-SATU", "kecamatan"))
    assert paths(books, queueing(pack, "DUK-DUA", "disdukcapil")) == ["queue.letter"]
    assert paths(books, queueing(pack, "KEC-DUA", "kecamatan")) == [], "one agency, one queue"
    assert paths(books, queueing(pack, "DUK-DUA", "disdukcapil", "R")) == []


def test_it_is_asked_before_review_and_before_approval(books: Engine, pack: dict[str, Any]) -> None:
    first = written(books, queueing(pack, "KEC-SATU", "kecamatan"))
    second = written(books, queueing(pack, "DUK-DUA", "disdukcapil"))
    with writing(books) as conn:
        drafts.submit(conn, first.id, SITI, 1)
    with pytest.raises(Refused) as error, writing(books) as conn:
        drafts.submit(conn, second.id, SITI, 1)
    assert error.value.code == "unsound"
    with writing(books) as conn:
        conn.execute(update(table).where(table.c.id == second.id).values(state="review"))
    with pytest.raises(Refused) as error, writing(books) as conn:
        drafts.approve(conn, second.id, KEPALA, 1)
    assert error.value.code == "unsound"
    assert "letter Q" in error.value.why


def test_a_draft_of_another_holds_nobody_up(books: Engine, pack: dict[str, Any]) -> None:
    written(books, queueing(pack, "KEC-SATU", "kecamatan"))
    assert paths(books, queueing(pack, "DUK-DUA", "disdukcapil")) == []


def test_a_village_that_there_is_not_is_named(books: Engine, pack: dict[str, Any]) -> None:
    assert paths(books, pack | {"regions": ["32.73.05", "32.73.99"]}) == ["regions[1]"]


def test_others_that_cannot_be_read_any_more_are_no_matter_of_its(
    books: Engine, pack: dict[str, Any]
) -> None:
    one = sent(books, queueing(pack, "KEC-SATU", "kecamatan"))
    document = queueing(pack, "DUK-DUA", "disdukcapil")
    with writing(books) as conn:
        conn.execute(update(table).where(table.c.id == one.id).values(document={"v": 9}))
    assert paths(books, document) == []
    with writing(books) as conn:
        conn.execute(update(tenant).values(places={"districts": 7}))
    assert paths(books, document) == []
