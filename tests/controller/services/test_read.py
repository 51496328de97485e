"""What people see of packs: their tenants', the newest first, what citizens saw before."""

from typing import Any

import pytest
from sqlalchemy import Connection

from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import Outside
from controller.services import drafts, read
from controller.services.adopt import adopt, services
from tests.controller.services.conftest import FILES

WHO = By("penyusun", "192.0.2.1")


def test_a_list_has_what_is_shown_and_what_is_written(
    conn: Connection, pack: dict[str, Any]
) -> None:
    adopt(conn, services(FILES), 1)
    made = drafts.begin(conn, pack, WHO, 2)
    here = read.lines(conn, Scope(("32.73",)))
    assert {one.tenant for one in here} == {"32.73"}
    (line,) = [one for one in here if one.open is not None]
    assert (line.open, line.shown) == (made, read.before(conn, made))
    assert [one.revision for one in read.history(conn, made)] == [made.revision, 1]
    assert read.lines(conn, EVERYWHERE, "32.04")[0].tenant == "32.04"


def test_one_of_another_government_is_outside(conn: Connection, pack: dict[str, Any]) -> None:
    made = drafts.begin(conn, pack, WHO, 2)
    assert read.seen(conn, made.id, Scope(("32.73.05",))) == made
    with pytest.raises(Outside):
        read.seen(conn, made.id, Scope(("32.04",)))
    with pytest.raises(Refused, match="no such"):
        read.seen(conn, 999, EVERYWHERE)
    assert read.before(conn, made) is None
