"""What a page hears while it stands: of the call, and of the numbers that are served."""

import json
from pathlib import Path
from typing import Any

import pytest

from portal.calling import Calling
from portal.tickets import Tickets
from tests.support.offered import MONDAY, offering
from tests.support.visitor import Visitor
from wire.citizen import Called, Coming, Sync
from wire.local import Local

DAY = "2026-11-23"
LOCAL = Local(at=MONDAY, online=True, online_since=MONDAY, clock="sure")


def heard(visitor: Visitor) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(visitor.ask("GET", "/panggil"))
    return found


def test_a_call_goes_out_and_what_becomes_of_it_is_heard(tmp_path: Path) -> None:
    said: list[Sync] = [Sync(at=MONDAY)]
    (tmp_path / "asks").mkdir()
    its: dict[str, Any] = {
        "local": lambda: LOCAL,
        "sync": lambda: said[0],
        "calling": Calling(tmp_path / "asks"),
    }
    with offering(tmp_path / "content", **its) as portal:
        visitor = Visitor(portal)
        assert heard(visitor) == {"call": "", "served": []}
        assert json.loads(visitor.post("/panggil", page="perizinan")) == {"call": "asking"}
        uid = json.loads((tmp_path / "asks" / "call.ask").read_bytes())["id"]
        said[0] = Sync(at=MONDAY, coming=Coming(id=uid, state="taken", since=MONDAY))
        assert heard(visitor)["call"] == "taken"
        assert visitor.cookie == "", "whoever calls from home begins nothing"
        assert portal.desk.screen.sitting is None


@pytest.mark.parametrize("its", [{}, {"local": lambda: LOCAL}])
def test_a_kiosk_that_cannot_ask_says_so(tmp_path: Path, its: dict[str, Any]) -> None:
    with offering(tmp_path, **its) as portal:
        assert json.loads(Visitor(portal).post("/panggil", page="x")) == {"call": "away"}


def test_who_is_served_is_heard_once_tickets_were_given_out_here(tmp_path: Path) -> None:
    (tmp_path / "tray").mkdir()
    tickets = Tickets(tmp_path / "tray")
    sync = Sync(at=MONDAY, called=(Called(day=DAY, letter="A", number=12),))
    with offering(tmp_path / "content", sync=lambda: sync, tickets=tickets) as portal:
        visitor = Visitor(portal)
        assert heard(visitor)["served"] == []
        tickets.take(DAY, "A", 0)
        (one,) = heard(visitor)["served"]
        assert one["number"] == "A-012"
        assert "data-served" in visitor.get("/antrian")
