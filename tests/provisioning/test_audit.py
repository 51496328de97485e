"""`anjungan audit` shows the log, and gives it away so that others can verify it."""

import hashlib
import json
from pathlib import Path

import pytest

from controller.people.audit import START, Entry, append
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from provisioning.audit import main

NOW = 1_700_000_000_000


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/office.db"
    migrate(url)
    with writing(open_engine(url)) as conn:
        append(conn, Entry("kepala", "identity.revoke", "k-1", "32.73.01", "", {"é": [1]}), NOW)
        append(conn, Entry("pagi", "fault.take", "f-1", "32.73.01", "192.0.2.1"), NOW + 1000)
    return url


def test_the_newest_rows_are_shown_in_order(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--database", url]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split("\t")[:5] == ["1", "2023-11-14 22:13:20", "kepala", "identity.revoke", "k-1"]
    assert second.split("\t")[2:] == ["pagi", "fault.take", "f-1", "32.73.01", "192.0.2.1", ""]


def test_rows_can_be_asked_for(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--database", url, "--did", "identity"]) == 0
    assert main(["list", "--database", url, "--who", "pagi", "--last", "1"]) == 0
    assert [line[0] for line in capsys.readouterr().out.splitlines()] == ["1", "2"]


def test_what_is_exported_can_be_verified_without_us(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rule of the chain, written a second time from its description."""
    assert main(["export", "--database", url]) == 0
    before = START.hash
    lines = capsys.readouterr().out.splitlines()
    for line in lines:
        row = json.loads(line)
        words = ("n", "at", "who", "what", "subject", "district", "address", "detail")
        body = json.dumps([row[word] for word in words], sort_keys=True, separators=(",", ":"))
        said = f"anjungan-audit-v1\0{before}\0{body}".encode()
        assert row["previous"] == before
        before = hashlib.sha256(said).hexdigest()
        assert row["hash"] == before
    assert len(lines) == 2


def test_to_verify_is_the_wardens(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--database", url, "--authority", "nowhere"]) == 2
    assert "cannot verify" in capsys.readouterr().out


def test_what_went_wrong_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ANJUNGAN_DATABASE", raising=False)
    assert main(["list"]) == 2
    assert main(["list", "--database", f"sqlite:///{tmp_path}/empty.db"]) == 2
    assert main(["list", "--database", f"sqlite:///{tmp_path}/empty.db", "--last", "-1"]) == 2
    assert "ANJUNGAN_DATABASE" in capsys.readouterr().err
