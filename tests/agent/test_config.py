"""A file written by a person, and what is said when it is wrong."""

from pathlib import Path
from typing import Any

import pytest

from agent.config import ON_BY_DEFAULT, BadConfig, load, parse

GOOD: dict[str, Any] = {
    "kiosk": "bdg-andir-01",
    "state_dir": "state",
    "broker": {"host": "office.example"},
}


def test_what_is_not_said_has_a_default() -> None:
    config = parse(GOOD)
    assert (config.broker.port, config.broker.keepalive_s, config.broker.will_delay_s) == (
        8883,
        60,
        5,
    )
    assert tuple(config.options()) == ON_BY_DEFAULT


def test_a_probe_is_added_by_its_table_and_removed_by_false() -> None:
    config = parse(GOOD | {"probes": {"printer": {"uri": "ipp://a/ipp/print"}, "screen": False}})
    assert config.options()["printer"] == {"uri": "ipp://a/ipp/print"}
    assert "screen" not in config.options()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"kiosk": "Andir 1"}, "kiosk = 'Andir 1'"),
        ({"kiosk": 7}, "$.kiosk"),
        ({"broker": {"host": "a", "port": 0}}, "$.broker.port"),
        ({"broker": {"host": "a", "keepalive_s": 1}}, "$.broker.keepalive_s"),
        ({"broker": {"host": "a", "prot": 1}}, "prot"),
        ({"broker": {"host": "a", "cert": "x"}}, "broker.cert"),
        ({"broker": {}}, "host"),
        ({"probe": {}}, "probe"),
        ({"probes": {"printer": 3}}, "probes"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadConfig) as refused:
        parse(GOOD | change)
    assert named in str(refused.value)


@pytest.mark.parametrize("text", [b"kiosk = ", b"\xff", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: bytes | None) -> None:
    path = tmp_path / "agent.toml"
    if text is not None:
        path.write_bytes(text)
    with pytest.raises(BadConfig, match=r"agent\.toml cannot be read"):
        load(path)


JOINED = GOOD | {"door": {"url": "https://office.example:9443"}}


def test_with_a_door_certificates_and_key_are_those_of_the_identity() -> None:
    broker = parse(JOINED).broker
    assert (broker.ca, broker.cert, broker.key) == (
        "state/identity/current/server-ca.pem",
        "state/identity/current/cert.pem",
        "state/identity/current/key.pem",
    )


def test_certificates_named_by_hand_are_used() -> None:
    by_hand = {"host": "office.example", "ca": "a", "cert": "b", "key": "c"}
    broker = parse(JOINED | {"broker": by_hand}).broker
    assert (broker.ca, broker.cert, broker.key) == ("a", "b", "c")


def test_a_broker_without_tls_is_only_one_of_this_machine() -> None:
    here = parse(JOINED | {"broker": {"host": "127.0.0.1", "plain": True}})
    assert here.broker.ca == ""
    with pytest.raises(BadConfig, match=r"broker\.plain"):
        parse(JOINED | {"broker": {"host": "office.example", "plain": True}})


CONTENT = GOOD | {"content": {"folder": "/srv/content"}}


def test_without_releases_nothing_of_them_is_watched() -> None:
    assert parse(GOOD).content is None
    assert "content" not in parse(GOOD).options()


def test_where_releases_are_installed_they_are_watched() -> None:
    assert parse(CONTENT).options()["content"] == {"status": "state/content/status.json"}
    assert "content" not in parse(CONTENT | {"probes": {"content": False}}).options()


def test_a_kiosk_keeps_free_space_and_a_least_rate_without_being_told() -> None:
    content = parse(CONTENT).content
    assert content is not None
    assert (content.day_mb, content.month_mb, content.quiet) == (0, 0, ())
    assert content.keep_free_mb > 0
    assert content.least_kbit > 0
    assert (content.neighbour.ask, content.neighbour.serve) == ((), 0)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"folder": 3}, r"content\.folder"),
        ({"day_mb": -1}, r"content\.day_mb"),
        ({"keep_free_mb": 0.5}, r"content\.keep_free_mb"),
        ({"portal": 70_000}, r"content\.portal"),
        ({"neighbour": {"serve": 70_000}}, r"content\.neighbour\.serve"),
        ({"neighbours": {}}, "neighbours"),
    ],
)
def test_what_is_wrong_with_content_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadConfig, match=named):
        parse(GOOD | {"content": {"folder": "/srv/content"} | change})
