"""`anjungan people` makes accounts and prints links; never a password."""

import re
import sys
import time
from pathlib import Path

import pytest

from controller.people import accounts, audit, tokens
from controller.people.links import look, redeem
from controller.people.powers import Grant
from controller.store.engine import open_engine, writing
from provisioning.people import grant_of, main, who
from tests.support.people import add_person

LINK = re.compile(r"/welcome#([\w-]{43})")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/office.db"
    monkeypatch.setenv("ANJUNGAN_DATABASE", url)
    return url


@pytest.fixture
def said(url: str, capsys: pytest.CaptureFixture[str]) -> "Said":
    return Said(url, capsys)


class Said:
    """Runs the command and keeps what it said."""

    def __init__(self, url: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.url = url
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0) -> str:
        assert main(list(words)) == code
        out, err = self._capsys.readouterr()
        return out if code == 0 else err


def test_the_first_command_prints_the_set_up_link(said: Said) -> None:
    told = said("setup", "--console", "https://office.example:8443/")
    assert "https://office.example:8443/welcome#" in told
    found = LINK.search(told)
    assert found is not None
    with open_engine(said.url).connect() as conn:
        opened = look(conn, found.group(1), 0)
    assert opened is not None
    assert opened.login is None


def test_there_is_no_set_up_once_somebody_is_there(said: Said) -> None:
    said("add", "kepala", "--grant", "admin")
    assert "there are accounts" in said("setup", code=2)


def test_an_account_is_added_with_rights_and_a_link(said: Said) -> None:
    told = said("add", "Pagi", "--name", "Teknisi pagi", "--grant", "technician:32.73.01")
    found = LINK.search(told)
    assert found is not None
    with writing(open_engine(said.url)) as conn:
        assert redeem(conn, found.group(1), "$argon2id$x", "", 0).login == "pagi"
    assert said("list") == "pagi\tTeknisi pagi\ttechnician:32.73.01\tpassword\n"


def test_rights_are_granted_and_taken(said: Said) -> None:
    said("add", "pagi")
    assert "officer:everywhere" in said("grant", "pagi", "officer")
    assert "nothing" in said("grant", "pagi", "officer", "--remove")
    assert "not one of" in said("grant", "pagi", "root", code=2)
    assert "not a code" in said("grant", "pagi", "officer:Bandung", code=2)


def test_the_last_administrator_stays_here_too(said: Said) -> None:
    said("list")
    add_person(open_engine(said.url), "kepala", ("admin", ""), password_hash="$argon2id$x")
    assert "last administrator" in said("disable", "kepala", code=2)


def test_accounts_are_disabled_enabled_and_linked(said: Said) -> None:
    said("add", "pagi")
    assert "is out" in said("disable", "pagi")
    assert "disabled" in said("list")
    said("enable", "pagi")
    said("link", "pagi", "https://id.example", "user-1")
    assert "openid" in said("list")


def test_a_forgotten_password_gets_a_new_link(said: Said) -> None:
    said("add", "pagi")
    first, second = LINK.search(said("reset", "pagi")), LINK.search(said("reset", "pagi"))
    assert first is not None
    assert second is not None
    with open_engine(said.url).connect() as conn:
        now = time.time_ns() // 1_000_000
        assert look(conn, first.group(1), now) is None
        assert look(conn, second.group(1), now)
    assert "no account" in said("reset", "nobody", code=2)


def test_a_program_gets_a_token_and_the_log_its_name(said: Said) -> None:
    said("add", "grafana", "--grant", "operator")
    token = said("token", "grafana", "panels", "--days", "7").strip()
    with open_engine(said.url).connect() as conn:
        found = tokens.find(conn, token, 1)
        assert found is not None
        assert found.person.grants == (Grant("operator", ""),)
        rows = list(audit.walk(conn))
    assert [row.what for row in rows] == ["people.create", "people.link-issued", "token.issue"]
    assert token not in str(rows)
    assert {row.who for row in rows} == {who().who}
    assert "lives 1 to" in said("token", "grafana", "x", "--days", "1000", code=2)


def test_the_machines_account_is_never_taken_for_a_login() -> None:
    assert not accounts.LOGIN.fullmatch(who().who)


def test_what_went_wrong_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ANJUNGAN_DATABASE", raising=False)
    assert main(["list"]) == 2
    assert main(["list", "--database", "mysql://x"]) == 2
    assert "ANJUNGAN_DATABASE" in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["people"])
    with pytest.raises(SystemExit):
        main()


def test_a_role_alone_is_everywhere() -> None:
    assert grant_of("admin") == Grant("admin", "")
    assert grant_of("officer:32.04") == Grant("officer", "32.04")
