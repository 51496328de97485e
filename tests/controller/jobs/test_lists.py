"""Saved lists: made, found, renamed and deleted by those who may; they give nobody a power."""

import pytest

from controller.jobs import lists
from controller.jobs.asked import Asked
from controller.jobs.refused import Lacks, Refused
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import Outside
from controller.store.engine import writing
from controller.words import BadQuestion
from tests.support.jobs import BANDUNG, ELSEWHERE, JobDesk


def save(desk: JobDesk, name: str, asked: Asked, who: str = "siti") -> int:
    with writing(desk.engine) as conn:
        return lists.save(conn, desk.people[who], name, asked, desk.now)


def names(desk: JobDesk, scope: Scope = EVERYWHERE) -> list[str]:
    with desk.reading() as conn:
        return [one.name for one in lists.every(conn, scope)]


def test_a_list_is_saved_and_asked_for(desk: JobDesk) -> None:
    some = tuple(desk.names()[:3])
    number = save(desk, " Pagi ", Asked(kiosks=some))
    assert names(desk) == ["Pagi"]
    rows = desk.commands(desk.ask(desk.wish(asked=Asked(saved=number))))
    assert {row.name for row in rows} == set(some)
    assert [row.what for row in desk.log("list")] == ["list.save"]


def test_a_name_is_taken_once(desk: JobDesk) -> None:
    one = save(desk, "Pagi", Asked(query="all=yes"))
    other = save(desk, "Sore", Asked(query="all=yes"))
    with pytest.raises(Refused, match="already"):
        save(desk, "Pagi", Asked(query="all=yes"))
    with writing(desk.engine) as conn:
        with pytest.raises(Refused, match="already"):
            lists.rename(conn, desk.people["siti"], one, "Sore", desk.now)
        lists.delete(conn, desk.people["siti"], other, desk.now)
        lists.rename(conn, desk.people["siti"], one, "Sore", desk.now)
    assert names(desk) == ["Sore"]


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00"])
def test_a_name_is_text(desk: JobDesk, name: str) -> None:
    with pytest.raises(Refused):
        save(desk, name, Asked(query="all=yes"))


def test_what_cannot_be_asked_for_is_not_saved(desk: JobDesk) -> None:
    with pytest.raises(Refused, match="no other list"):
        save(desk, "x", Asked(saved=1))
    with pytest.raises(BadQuestion):
        save(desk, "x", Asked(query="state=red"))
    with pytest.raises(Refused, match="nobody registered"):
        save(desk, "x", Asked(kiosks=("k-nobody",)))


def test_row_69_a_list_shows_and_gives_only_kiosks_of_theirs(desk: JobDesk) -> None:
    desk.people["tono"] = desk.person("tono", ("technician", BANDUNG))
    theirs, ours = desk.names(ELSEWHERE)[0], desk.names(BANDUNG)[0]
    with pytest.raises(Outside):
        save(desk, "x", Asked(kiosks=(theirs,)), "tono")
    number = save(desk, "both", Asked(kiosks=(ours, theirs)))
    save(desk, "elsewhere", Asked(kiosks=(theirs,)))
    assert names(desk, Scope((BANDUNG,))) == ["both"]
    with desk.reading() as conn:
        (one,) = lists.every(conn, Scope((BANDUNG,)))
    assert one.asked.kiosks == (ours,)
    with pytest.raises(Outside):
        desk.ask(desk.wish(asked=Asked(saved=number)), who="tono")


def test_only_who_made_it_changes_it(desk: JobDesk) -> None:
    desk.people |= {who: desk.person(who, ("technician", "")) for who in ("tono", "tina")}
    desk.people["loket"] = desk.person("loket", ("officer", ""))
    number = save(desk, "Pagi", Asked(query="all=yes"), "tono")
    with writing(desk.engine) as conn:
        with pytest.raises(Refused, match="tono's"):
            lists.delete(conn, desk.people["tina"], number, desk.now)
        lists.rename(conn, desk.people["siti"], number, "Sore", desk.now)
        lists.delete(conn, desk.people["tono"], number, desk.now)
        with pytest.raises(Refused, match="no saved list"):
            lists.delete(conn, desk.people["tono"], number, desk.now)
    with pytest.raises(Lacks):
        save(desk, "x", Asked(query="all=yes"), "loket")
