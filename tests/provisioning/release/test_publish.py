"""A folder becomes a release by one line: checked, signed, published by the controller alone."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from controller.releases import read
from controller.releases.clerk import Online, tick
from controller.releases.folder import Releases
from controller.store.engine import writing
from provisioning.release import publish
from provisioning.release.publish import terms_of
from provisioning.terminal import now
from tests.provisioning.release.conftest import Type
from tests.support.release_keys import Held


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "content.json").write_text("{}")
    (tree / "page.html").write_text("<p>Layanan</p>")
    return tree


def line(tree: Path, *more: str) -> list[str]:
    words = ["publish", str(tree), "--bundle", "layanan", "--note", "baru", "--as", "siti"]
    return [*words, *more]


def keys_of(held: Held, *numbers: int) -> list[str]:
    return [word for n in numbers for word in ("--key", str(held.keys / f"content-{n}.pem"))]


def state(engine: Engine, seq: int = 1) -> str:
    with engine.connect() as conn:
        row = read.find(conn, "layanan", seq)
    return "" if row is None else row.state


def test_it_is_checked_signed_and_published_by_the_controller(
    typed: Type, tree: Path, held: Held, engine: Engine
) -> None:
    code, said = typed(*line(tree, *keys_of(held, 1, 2), "--yes"))
    assert code == 0, said
    assert "+ layanan 1: 2 files, 16 bytes: baru" in said
    assert "enough have signed" in said
    assert state(engine) == "signed"
    online = Online(held.online)
    with writing(engine) as conn:
        assert tick(conn, Releases(held.releases), online, now())
    assert state(engine) == "published"


def test_without_keys_it_waits_and_says_for_whom(typed: Type, tree: Path, engine: Engine) -> None:
    code, said = typed(*line(tree))
    assert code == 0
    assert "signed by: nobody yet" in said
    assert "waits for 2 signatures: anjungan releases sign 1" in said
    assert state(engine) == "waiting"
    code, said = typed(*line(tree))
    assert code == 2, "one release of a role waits at a time"
    assert state(engine, 2) == "dropped"


def test_row_9_one_key_alone_publishes_nothing(
    typed: Type, tree: Path, held: Held, engine: Engine
) -> None:
    assert "waits for 1 sig" in typed(*line(tree, *keys_of(held, 1, 1), "--yes"))[1]
    with writing(engine) as conn:
        tick(conn, Releases(held.releases), Online(held.online), now())
    assert state(engine) == "waiting"


def test_a_root_does_not_sign_content(typed: Type, tree: Path, held: Held) -> None:
    root = ("--key", str(held.keys / "root-1.pem"), "--yes")
    code, said = typed(*line(tree, *root))
    assert (code, "does not sign content" in said) == (2, True)


def test_row_18_what_no_kiosk_would_take_is_refused_whole_and_leaves_nothing(
    typed: Type, tree: Path, engine: Engine, held: Held
) -> None:
    (tree / "Page.html").write_text("twin")
    (tree / "out").symlink_to("/etc/passwd")
    code, said = typed(*line(tree))
    assert (code, "cannot: " in said) == (2, True)
    assert state(engine) == "dropped"
    assert [*(held.releases / "drafts").iterdir()] == []
    assert typed(*line(tree, "--dry-run"))[0] == 2


def test_a_dry_run_writes_nothing(typed: Type, tree: Path, engine: Engine) -> None:
    code, said = typed(*line(tree, "--dry-run"))
    assert (code, said) == (0, "2 files, 16 bytes: can be published\n")
    assert state(engine) == ""


def test_whoever_may_not_publish_does_not(typed: Type, tree: Path) -> None:
    words = [*line(tree)[:-1], "budi"]
    assert "release.make" in typed(*words)[1]
    words = [*line(tree)[:-1], "nobody"]
    assert "does not exist" in typed(*words)[1]


@pytest.mark.usefixtures("typed")
def test_it_waits_for_the_controller_and_says_when_there_is_none(
    tree: Path,
    held: Held,
    engine: Engine,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publish, "_MOST_WAIT_S", 1.0)
    argv = line(tree, *keys_of(held, 1, 2), "--yes", "--wait")[1:]
    assert publish.main(argv, wait=lambda _: None) == 1
    assert "does a controller run" in capsys.readouterr().out

    def controller(_: float) -> None:
        with writing(engine) as conn:
            tick(conn, Releases(held.releases), Online(held.online), now())

    controller(0)
    (tree / "page.html").write_text("<p>Layanan baru</p>")
    assert publish.main(argv, wait=controller) == 0
    assert "layanan 2 is published" in capsys.readouterr().out


def test_a_program_says_for_which_machine_it_is(tmp_path: Path) -> None:
    assert terms_of(tmp_path, "layanan", 3, "1.2").min_seq == 3
    with pytest.raises(ValueError, match=r"software build agent DIR"):
        terms_of(tmp_path, "agent")
    (tmp_path / "software.json").write_text('{"machine":"x86_64","python":"3.11"}')
    assert terms_of(tmp_path, "agent")[2:] == ("x86_64", "3.11")
