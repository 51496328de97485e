"""What the console may be started with: never a login in clear over a network."""

from pathlib import Path

import pytest
import trustme

from dashboards.console.__main__ import arguments, is_loopback, main, settings, wrongs

PAIR = ["--tls-cert", "a.crt", "--tls-key", "a.key"]
ABROAD = ["--host", "192.168.1.4"]
EVERY = ["--host", "0.0.0.0"]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "office.example"])
def test_it_serves_this_machine_only_unless_somebody_speaks_https(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--database", f"sqlite:///{tmp_path}/a.db", "--host", host])
    assert "in clear" in capsys.readouterr().err
    assert not (tmp_path / "a.db").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (PAIR[:2], "belong together"),
        ([*PAIR, "--behind-proxy", "10.0.0.5"], "who speaks HTTPS"),
        (["--behind-proxy", "proxy.example"], "an address or network"),
        (["--behind-proxy", "10.0.0.5/8"], "an address or network"),
        ([*EVERY, *PAIR], "--host-name"),
        (["--session-hours", "0"], "above 0"),
        (["--door", "https://office.example:8443"], "belong together"),
        (["--idle-minutes", "nan"], "above 0"),
        (["--session-hours", "inf"], "above 0"),
        ([], ""),
        ([*ABROAD, *PAIR], ""),
        ([*EVERY, *PAIR, "--host-name", "anjungan.example"], ""),
        ([*ABROAD, "--behind-proxy", "10.0.0.5", "--behind-proxy", "fd00::/64"], ""),
    ],
)
def test_options_that_contradict_are_refused_with_what_to_do(asked: list[str], said: str) -> None:
    found = list(wrongs(arguments().parse_args(["--database", "sqlite://", *asked])))
    assert said in found[0] if said else not found


def test_it_answers_to_the_names_it_was_given_and_to_its_own() -> None:
    named = [*EVERY, *PAIR, "--host-name", "a.example", "--host-name", "b.example"]
    made = settings(arguments().parse_args(named))
    assert made.hosts == ("127.0.0.1", "localhost", "::1", "a.example", "b.example")
    assert made.https
    plain = settings(arguments().parse_args([]))
    assert (plain.https, plain.proxies) == (False, ())
    proxied = settings(arguments().parse_args([*ABROAD, "--behind-proxy", "10.0.0.5"]))
    assert (proxied.https, proxied.proxies) == (True, ("10.0.0.5",))
    assert "192.168.1.4" in proxied.hosts


def test_a_login_lasts_as_long_as_the_office_says() -> None:
    asked = arguments().parse_args(["--session-hours", "8", "--idle-minutes", "15"])
    assert settings(asked).lifetime == (8 * 3_600_000, 15 * 60_000)


def test_the_door_is_what_kiosks_are_invited_to(tmp_path: Path) -> None:
    paper = tmp_path / "server-ca.pem"
    paper.write_bytes(trustme.CA().cert_pem.bytes())
    asked = ["--door", "https://office.example:8443", "--server-ca", str(paper)]
    door = settings(arguments().parse_args(asked)).door
    assert door is not None
    assert door.url == "https://office.example:8443"


def test_files_that_are_no_certificate_are_refused_at_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.crt", "a.key"):
        (tmp_path / name).write_text("nonsense")
    pair = ["--tls-cert", str(tmp_path / "a.crt"), "--tls-key", str(tmp_path / "a.key")]
    assert main(["--database", f"sqlite:///{tmp_path}/a.db", *pair]) == 2
    assert capsys.readouterr().err


def test_loopback_has_many_names() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.0.0.2", "::1", "localhost")))


def test_releases_lie_where_the_office_says(tmp_path: Path) -> None:
    asked = settings(arguments().parse_args(["--releases", str(tmp_path)]))
    assert asked.releases is not None
    assert asked.releases.path == tmp_path
    assert settings(arguments().parse_args(["--releases", ""])).releases is None
