"""Releases by the line: who signed what, and what people do about it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from controller.releases.clerk import Online, tick
from controller.releases.folder import Releases
from controller.store.engine import writing
from provisioning.release import releases
from provisioning.terminal import now
from tests.provisioning.release.conftest import Type
from tests.support.release_keys import Held


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "content.json").write_text("{}")
    return tree


def key(held: Held, number: int) -> tuple[str, str]:
    return "--key", str(held.keys / f"content-{number}.pem")


def published(typed: Type, tree: Path, held: Held, engine: Engine) -> None:
    line = ("--bundle", "layanan", "--note", "baru", "--as", "siti", "--yes")
    assert typed("publish", str(tree), *line, *key(held, 1), *key(held, 2))[0] == 0
    put(engine, held)


def put(engine: Engine, held: Held) -> None:
    with writing(engine) as conn:
        tick(conn, Releases(held.releases), Online(held.online), now())


def test_two_people_sign_one_after_the_other_and_everybody_sees_it(
    typed: Type, tree: Path, held: Held
) -> None:
    words = ("--bundle", "layanan", "--note", "jadwal baru", "--as", "siti")
    assert typed("publish", str(tree), *words)[0] == 0
    assert "signing 1 of content waits (publish)" in typed("releases", "list")[1]
    sign = ("releases", "sign", "1", "--as", "siti", "--yes")
    assert "1 signatures are missing" in typed(*sign, *key(held, 1))[1]
    shown = typed("releases", "show", "layanan-1")[1]
    assert "missing: 1" in shown
    assert "added    content.json  0 -> 2, 2 new" in shown
    assert "enough have signed" in typed(*sign, *key(held, 2))[1]
    assert "layanan-1  signed" in typed("releases", "list", "--bundle", "layanan")[1]


def test_without_a_yes_nothing_is_signed(typed: Type, tree: Path, held: Held) -> None:
    words = ("--bundle", "layanan", "--note", "baru", "--as", "siti")
    typed("publish", str(tree), *words)
    argv = ["sign", "1", "--as", "siti", *key(held, 1)]
    with Path("/dev/null").open() as nobody:
        assert releases.main(argv, nobody) == 1
    assert "missing: 2" in typed("releases", "show", "layanan-1")[1]


def test_a_release_that_waits_is_given_up(typed: Type, tree: Path) -> None:
    typed("publish", str(tree), "--bundle", "layanan", "--note", "x", "--as", "siti")
    assert "is given up" in typed("releases", "drop", "layanan-1", "--as", "siti")[1]
    assert "layanan-1  dropped" in typed("releases", "list")[1]


def test_a_withdrawal_and_a_renewal_need_signatures_too(
    typed: Type, tree: Path, held: Held, engine: Engine
) -> None:
    published(typed, tree, held, engine)
    code, said = typed("releases", "withdraw", "layanan-1", "--as", "siti")
    assert (code, "until signing 2 has its signatures" in said) == (0, True)
    assert typed("releases", "renew", "content", "--as", "siti")[0] == 2, "one at a time"
    sign = ("releases", "sign", "2", "--as", "siti", "--yes", *key(held, 1), *key(held, 2))
    assert "layanan-1.idx is no longer offered" in typed(*sign)[1]
    put(engine, held)
    assert "layanan-1  withdrawn" in typed("releases", "list")[1]
    assert "signing 3 waits" in typed("releases", "renew", "content", "--as", "siti")[1]
    assert "signing 3 is given up" in typed("releases", "drop", "3", "--as", "siti")[1]


def test_keys_are_a_ceremony_of_their_own(typed: Type) -> None:
    assert "content/* is signed by 2 of 2 keys" in typed("releases", "keys", "show")[1]


@pytest.mark.parametrize("name", ["layanan", "layanan-x", "-1", "layanan-9"])
def test_what_is_no_release_is_said(typed: Type, name: str) -> None:
    code, said = typed("releases", "show", name)
    assert code == 2
    assert "release" in said


def test_whoever_may_not_does_not(typed: Type, held: Held) -> None:
    for words in (("drop", "layanan-1"), ("sign", "1", *key(held, 1)), ("renew", "content")):
        code, said = typed("releases", *words, "--as", "budi")
        assert (code, "needs the power release." in said) == (2, True)
