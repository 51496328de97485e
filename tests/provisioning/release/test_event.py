"""The file that goes from key to key: whose signatures count, and that nothing can be bent."""

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.policy import keys
from provisioning.release import ceremony, event
from provisioning.release.drafts import Changes
from provisioning.release.event import Event, EventRefused, Part
from tests.support.release_keys import NOW, Held, hold, id_of


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Held:
    return hold(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def drafted(house: Held) -> Event:
    return ceremony.propose(house.releases, Changes(renew=True), NOW)


def test_it_says_who_is_missing_until_enough_have_signed(house: Held, drafted: Event) -> None:
    one, two = house.at_hand.roots
    assert [line.split(" more")[0] for line in event.missing(drafted)] == ["root: 2", "targets: 2"]
    signed = event.add(drafted, one)
    assert event.missing(signed) == [
        f"{role}: 1 more of {id_of(two)[:12]} (root-2)" for role in drafted.parts
    ]
    assert event.missing(event.add(signed, one)) == event.missing(signed), "a key counts once"
    assert event.missing(event.add(signed, two)) == []


def test_a_key_that_counts_for_nothing_is_refused(house: Held, drafted: Event) -> None:
    for key in (
        house.at_hand.content[0],
        Ed25519PrivateKey.generate(),
        keys.read(house.online),
    ):
        with pytest.raises(EventRefused, match="no business"):
            event.add(drafted, key)


def test_a_new_root_needs_the_old_roots_and_its_own(house: Held) -> None:
    fresh = [Ed25519PrivateKey.generate() for _ in range(2)]
    changes = Changes(
        add=tuple(("root", keys.public(one), "baru") for one in fresh),
        remove=tuple(("root", id_of(one)) for one in house.at_hand.roots),
    )
    made = ceremony.propose(house.releases, changes, NOW)
    by_new = ceremony.signed(made, fresh)
    assert [line.split(" ")[0] for line in event.missing(by_new)] == ["root:"]
    by_old = ceremony.signed(made, house.at_hand.roots)
    assert [line.split(" ")[0] for line in event.missing(by_old)] == ["root:", "targets:"]
    assert event.missing(ceremony.signed(by_old, fresh)) == []


def test_it_is_read_back_as_it_was_written(house: Held, drafted: Event, tmp_path: Path) -> None:
    signed = event.add(drafted, house.at_hand.roots[0])
    event.save(tmp_path / "next", signed)
    assert event.load(tmp_path / "next") == signed


def test_every_byte_of_what_is_signed_counts(house: Held, drafted: Event) -> None:
    signed = ceremony.signed(drafted, house.at_hand.roots)
    text = signed.parts["root"].text.encode()
    for place in range(len(text)):
        bent = bytearray(text)
        bent[place] ^= 1
        part = Part(bent.decode("latin-1"), signed.parts["root"].signatures)
        try:
            lacks = event.missing(Event(parts={"root": part}, present=signed.present))
        except event.BROKEN:
            continue
        assert lacks, bent


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"parts":{}}',
        b'{"parts":{"timestamp":{"text":"{}"}}}',
        b'{"parts":{"root":{"text":"{}"}}}',
        b'{"parts":{"content":{"text":"{\\"_type\\":\\"targets\\"}"}}}',
        b'{"parts":' * 5000,
    ],
)
def test_what_is_no_list_is_refused_whole(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "next").write_bytes(body)
    with pytest.raises(EventRefused, match="no list of keys"):
        event.load(tmp_path / "next")


def test_another_spelling_of_the_same_list_is_refused(drafted: Event, tmp_path: Path) -> None:
    part = Part(drafted.parts["root"].text.replace(":", ": ", 1))
    event.save(tmp_path / "next", msgspec.structs.replace(drafted, parts={"root": part}))
    with pytest.raises(EventRefused, match="one spelling"):
        event.load(tmp_path / "next")


SCALARS = st.none() | st.integers() | st.text()


@settings(suppress_health_check=[HealthCheck.too_slow])  # a machine at work draws slowly
@given(st.recursive(SCALARS, lambda one: st.dictionaries(st.text(), one), max_leaves=12))
def test_whatever_a_file_holds_it_is_refused_in_words(house: Held, said: object) -> None:
    path = house.keys.parent / "any"
    text = msgspec.json.encode(said).decode()
    path.write_bytes(msgspec.json.encode({"parts": {"root": {"text": text}}}))
    with pytest.raises(EventRefused):
        event.load(path)
