"""The process: judges what nobody asked about, stands alone on its keys, ends when told."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from controller.registrar.client import CannotOpen, Registrar
from controller.store.citizen_tables import record
from provisioning import ack_keys, registrar_keys
from tests.support.registrar import Registry
from tests.support.wait import until

ROOT = Path(__file__).parents[3]


def start(registry: Registry) -> "subprocess.Popen[str]":
    where = ["--keys", str(registry.folder / "keys"), "--listen", str(registry.officers)]
    where += ["--door", str(registry.socket), "--database", registry.url]
    line = [sys.executable, "-m", "controller.registrar", *where]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(line, stderr=subprocess.PIPE, text=True, env=env, cwd=ROOT)


def test_it_judges_by_itself_alone_until_it_is_told_to_stop(registry: Registry) -> None:
    number = registry.arrive(registry.portal().record())
    with start(registry) as process:
        until(lambda: registry.row(record, number).state == "accepted", 30)
        who = registry.person("petugas", ("officer", "32.73"))
        assert Registrar(registry.officers).open(1, who, "open").number
        with pytest.raises(CannotOpen, match="at the door"):
            Registrar(registry.socket).open(1, who, "open")
        with start(registry) as second:
            said = second.communicate(timeout=30)[1]
        assert (second.returncode, "runs with" in said) == (2, True)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 0, said
    assert "Traceback" not in said


def test_new_keys_are_noticed_by_the_process_that_runs(registry: Registry) -> None:
    first, keys = registry.arrive(registry.portal().record()), registry.folder / "keys"
    with start(registry) as process:
        until(lambda: registry.row(record, first).state == "accepted", 30)
        registry.keys = ack_keys.revoke(keys)
        registry.keys = registrar_keys.rotate(keys, 0, ahead_days=0)
        portal = registry.portal("bdg-sukasari-2")
        number = registry.arrive(portal.record(seal=registry.keys.seal[-1].id), portal.name)
        until(lambda: registry.row(record, number).state == "accepted", 30)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=30)[1]
    assert registry.row(record, number).ack["key"] == registry.keys.ack[0].id
    assert "read its keys anew: 2 to open by" in said


def test_without_its_keys_it_says_who_must_act(registry: Registry) -> None:
    (registry.folder / "keys" / "tail.key").chmod(0o644)
    with start(registry) as process:
        said = process.communicate(timeout=30)[1]
    assert process.returncode == 2
    assert "open to others" in said
