"""Every way in which a machine differs from its table is told apart."""

from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.files.apply import apply
from provisioning.files.compare import Difference, differences
from provisioning.files.ledger import Ledger
from provisioning.files.place import Place
from provisioning.files.rows import File, Folder, Link, Row

ROWS: list[Row] = [
    File("/etc/a", "text\n", "why"),
    File("/etc/seed", "yours\n", "why", seed=True),
    Folder("/var/b", "why", 0o750),
    Link("/etc/c", "a", "why"),
]


def found(root: Path, ledger: Ledger, rows: list[Row] = ROWS) -> list[tuple[str, str]]:
    return [(one.path, one.what) for one in differences(rows, Place(root, chown=False), ledger)]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.json")


def test_an_empty_machine_lacks_everything(tmp_path: Path, ledger: Ledger) -> None:
    assert found(tmp_path, ledger) == [(row.path, "missing") for row in ROWS]


def by_hand(root: Path) -> None:
    (root / "etc/a").write_text("mine\n")


def wrong_mode(root: Path) -> None:
    (root / "etc/a").chmod(0o600)


def folder_instead(root: Path) -> None:
    (root / "etc/a").unlink()
    (root / "etc/a").mkdir()


def link_instead(root: Path) -> None:
    (root / "etc/a").unlink()
    (root / "etc/a").symlink_to("seed")


def other_link(root: Path) -> None:
    (root / "etc/c").unlink()
    (root / "etc/c").symlink_to("seed")


def file_for_link(root: Path) -> None:
    (root / "etc/c").unlink()
    (root / "etc/c").write_text("x")


def open_folder(root: Path) -> None:
    (root / "var/b").chmod(0o777)


def file_for_folder(root: Path) -> None:
    (root / "var/b").rmdir()
    (root / "var/b").write_text("x")


def no_folder(root: Path) -> None:
    (root / "var/b").rmdir()


def own_seed(root: Path) -> None:
    (root / "etc/seed").write_text("changed, as it should be")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (by_hand, [("/etc/a", "changed by hand")]),
        (wrong_mode, [("/etc/a", "mode")]),
        (folder_instead, [("/etc/a", "something else is there")]),
        (link_instead, [("/etc/a", "something else is there")]),
        (other_link, [("/etc/c", "changed by hand")]),
        (file_for_link, [("/etc/c", "something else is there")]),
        (open_folder, [("/var/b", "mode")]),
        (file_for_folder, [("/var/b", "something else is there")]),
        (no_folder, [("/var/b", "missing")]),
        (own_seed, []),
    ],
)
def test_each_change_is_told(
    tmp_path: Path,
    ledger: Ledger,
    change: Callable[[Path], None],
    told: list[tuple[str, str]],
) -> None:
    apply(ROWS, Place(tmp_path, chown=False), ledger)
    assert found(tmp_path, ledger) == []
    change(tmp_path)
    assert found(tmp_path, ledger) == told


def test_our_own_older_text_is_not_a_change_by_hand(tmp_path: Path, ledger: Ledger) -> None:
    apply(ROWS, Place(tmp_path, chown=False), ledger)
    newer = [File("/etc/a", "newer\n", "why"), *ROWS[1:]]
    assert found(tmp_path, ledger, newer) == [("/etc/a", "older text of ours")]


def test_what_is_no_longer_in_the_table_is_left_over(tmp_path: Path, ledger: Ledger) -> None:
    apply(ROWS, Place(tmp_path, chown=False), ledger)
    assert found(tmp_path, ledger, ROWS[1:]) == [("/etc/a", "no longer needed")]


def test_a_wrong_owner_and_a_missing_account_are_told(tmp_path: Path, ledger: Ledger) -> None:
    rows: list[Row] = [Folder("/x", "why", owner="kiosk", group="kiosk")]
    (tmp_path / "x").mkdir(mode=0o755)
    place = Place(tmp_path, chown=True)
    assert [one.detail for one in differences(rows, place, ledger)] == [
        "no account kiosk:kiosk here"
    ]
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text("kiosk:x:4242:4242:::\n")
    (tmp_path / "etc/group").write_text("kiosk:x:4242:\n")
    place.forget_accounts()
    (told,) = differences(rows, place, ledger)
    assert told.what == "owner"
    assert "kiosk:kiosk" in told.detail


def test_a_difference_reads_as_a_line() -> None:
    assert str(Difference("/a", "missing")) == "/a: missing"
    assert str(Difference("/a", "mode", "0600", "do this")) == "/a: mode (0600); do this"
