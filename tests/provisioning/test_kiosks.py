"""`anjungan kiosks` fills a database and lists it; twice changes nothing."""

from pathlib import Path

import pytest

from controller.store.engine import open_engine
from provisioning.kiosks import listed, main, register
from provisioning.sites import place, read_sites

NOW = 1_790_000_000_000


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/state/office.db"


def test_registers_sixty_one_kiosks_into_a_new_database(url: str) -> None:
    sites = read_sites()
    done = register(url, sites, place(sites, 61), NOW)
    assert (done.sites_added, done.kiosks_added) == (61, 61)
    with open_engine(url).connect() as conn:
        rows = listed(conn)
    assert len(rows) == 61
    assert ("bdg-coblong-1", "32.73.02", "Coblong", "never") in rows


def test_a_second_import_changes_nothing(url: str) -> None:
    sites = read_sites()
    register(url, sites, place(sites, 61), NOW)
    assert not register(url, sites, place(sites, 61), NOW).changed


def test_the_command_imports_and_lists(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--database", url, "--count", "3"]) == 0
    assert "3 added" in capsys.readouterr().out
    assert main(["list", "--database", url]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_the_command_imports_an_operators_own_file(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosks.csv"
    file.write_text("kiosk,site\nlobby-1,32.73.09\n")
    assert main(["import", "--database", url, "--kiosks", str(file)]) == 0
    main(["list", "--database", url])
    assert "lobby-1\t32.73.09\tBandung Wetan\tnever" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        ["list"],
        ["import", "--database", "mysql://x"],
        ["import", "--database", "nonsense"],
        ["import", "--database", "sqlite:///:memory:", "--sites", "/nowhere.csv"],
        ["list", "--database", "sqlite:////nowhere/office.db"],
    ],
)
def test_a_bad_order_is_an_error_in_one_line(
    argv: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANJUNGAN_DATABASE", raising=False)
    assert main(argv) == 2
    assert capsys.readouterr().err.startswith("kiosks: ")
