"""`up` settles who may command once, also in a folder from before there was anything to settle."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from controller import policies
from controller.store.command_tables import policy as policy_table
from controller.store.engine import open_engine, writing
from provisioning.policy import keys
from tests.provisioning.test_up import Running
from tests.support.wait import until


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Running]:
    made = Running(tmp_path / "state")
    yield made
    made.close()


def policy_of(state: Path) -> policies.InForce:
    engine = open_engine(f"sqlite:///{state}/office.db")
    with engine.connect() as conn:
        found = policies.newest(conn)
    engine.dispose()
    assert found is not None
    return found


def test_who_may_command_is_settled_at_the_first_start_and_not_again(up: Running) -> None:
    said = up.wait_for("waiting for the first kiosk")
    assert "policy 1 for commands is in force" in said
    assert "the first layanan is published" in said
    first = policy_of(up.state)
    key = keys.public(keys.read(up.state / "command.key"))
    assert [(one.public, one.use) for one in first.policy.keys] == [(key, "office")]
    (root,) = keys.roots(up.state / "authority" / "roots", None)
    assert first.policy.roots == (keys.public(root),)
    up.close()
    again = Running(up.state)
    try:
        until(lambda: again.said().count("waiting for the first kiosk") == 2, 20)
        assert policy_of(up.state) == first
        assert again.said().count("for commands is in force") == 1
        assert again.said().count("is published") == 1
    finally:
        again.close()


def test_a_folder_from_before_there_were_policies_gets_one(up: Running) -> None:
    up.wait_for("waiting for the first kiosk")
    up.close()
    engine = open_engine(f"sqlite:///{up.state}/office.db")
    with writing(engine) as conn:
        conn.execute(delete(policy_table))
    engine.dispose()
    (up.state / "command.key").unlink()
    shutil.rmtree(up.state / "authority" / "roots")
    again = Running(up.state)
    try:
        until(lambda: again.said().count("policy 1 for commands is in force") == 2, 20)
        assert policy_of(up.state).policy.version == 1
    finally:
        again.close()
