"""The content an office begins with goes out with its keys, and is known to its books."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from controller.services import tenants
from controller.store.citizen_tables import pack, tenant
from controller.store.engine import writing
from provisioning import registrar_keys
from provisioning.release.starter import STARTER, lay_out, tell
from wire import submission

NOW = 1_795_000_000_000


def test_the_keys_lie_beside_a_whole_copy(tmp_path: Path) -> None:
    keys = registrar_keys.begin(tmp_path / "registrar", NOW)
    laid = lay_out(STARTER, keys, tmp_path / "tree")
    assert submission.read_keys((laid / "keys.json").read_bytes()) == keys
    copied = {path.relative_to(laid) for path in laid.rglob("*")}
    ours = {path.relative_to(STARTER) for path in STARTER.rglob("*")}
    assert copied - ours == {Path("keys.json")}
    assert not ours - copied
    with pytest.raises(FileExistsError):
        lay_out(STARTER, keys, laid)


def test_the_books_learn_of_both_governments_once(engine: Engine) -> None:
    with writing(engine) as conn:
        told = tell(conn, STARTER, NOW)
        assert told > 40
        assert told == conn.scalar(select(func.count()).select_from(pack))
        for code in ("32.73", "32.04"):
            known = tenants.find(conn, code)
            assert known is not None
            assert known.code == code
        rows = conn.execute(select(tenant)).all()
        assert all(row.holidays["known_until"] == "2027-12-31" for row in rows)
        assert {row.state for row in conn.execute(select(pack.c.state))} == {"published"}
        conn.execute(update(tenant).values(changed_by="somebody"))
    with writing(engine) as conn:
        assert tell(conn, STARTER, NOW + 1) == 0
        assert set(conn.scalars(select(tenant.c.changed_by))) == {"somebody"}
