"""What a release offers stands in the books, once; what is written there stays."""

from typing import Any

import msgspec
from sqlalchemy import Connection

from controller.people.powers import EVERYWHERE
from controller.services import read
from controller.services.adopt import adopt, adopt_tenants, services
from tests.controller.services.conftest import FILES
from wire.service.document import Service


def test_a_tree_is_taken_in_once(conn: Connection) -> None:
    found = services(FILES)
    assert adopt(conn, found, 5) == len(found) > 40
    assert adopt(conn, found, 6) == 0
    lines = read.lines(conn, EVERYWHERE)
    assert len(lines) == len(found)
    assert all(one.shown is not None and one.open is None for one in lines)


def test_a_newer_revision_takes_the_place_of_the_older(
    conn: Connection, pack: dict[str, Any]
) -> None:
    one = msgspec.convert(pack, Service)
    adopt(conn, [one], 5)
    adopt(conn, [msgspec.structs.replace(one, revision=4)], 6)
    (line,) = read.lines(conn, EVERYWHERE)
    assert line.shown is not None
    assert line.shown.revision == 4


def test_what_is_no_pack_is_passed_over() -> None:
    odd = {"tenants/32.73/services/X.json": b"{}", "tenants/x.json": b"", "a/b/c/d": b""}
    assert services(odd) == []


def test_a_tenant_that_is_none_is_passed_over(conn: Connection) -> None:
    assert adopt_tenants(conn, {"tenants/11.11/tenant.json": b"{}"}, 1) == []
    whole = {path: body for path, body in FILES.items() if "32.04" in path}
    moved = {path.replace("32.04", "32.05"): body for path, body in whole.items()}
    assert adopt_tenants(conn, moved, 1) == []
    assert adopt_tenants(conn, FILES, 2) == ["32.04", "32.73"]
