"""What is said at the door: it survives the journey, and what is unknown is tolerated."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import door

SAID = (
    door.Enrol,
    door.Renew,
    door.Clock,
    door.Stored,
    door.InForce,
    door.Authority,
    door.BrokerPlace,
    door.Granted,
    door.Standing,
    door.Refusal,
)
every = pytest.mark.parametrize("kind", SAID, ids=[kind.__name__ for kind in SAID])
STRANGER = b'{"stranger":{"a":[1]},'


def read_back(kind: type[msgspec.Struct], change: Callable[[bytes], bytes]) -> None:
    @given(st.from_type(kind))
    def journey(said: Any) -> None:
        assert msgspec.json.decode(change(msgspec.json.encode(said)), type=kind) == said

    journey()


def names(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.required)


@every
def test_everything_said_at_the_door_survives_the_journey(kind: type[msgspec.Struct]) -> None:
    read_back(kind, lambda text: text)


@every
def test_a_field_of_a_later_release_is_tolerated(kind: type[msgspec.Struct]) -> None:
    read_back(kind, lambda text: STRANGER + text[1:])


@every
def test_a_field_that_is_missing_is_named(kind: type[msgspec.Struct]) -> None:
    with pytest.raises(msgspec.ValidationError, match=f"`{names(kind)[0]}`"):
        msgspec.json.decode(b"{}", type=kind)


@every
@given(text=st.binary(max_size=60))
def test_any_bytes_are_understood_or_refused(kind: type[msgspec.Struct], text: bytes) -> None:
    try:
        said = msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    assert isinstance(said, kind)


def test_every_path_of_the_door_is_its_own() -> None:
    paths = [value for name, value in vars(door).items() if name.endswith("_PATH")]
    assert len(set(paths)) == len(paths) > 5
    by_people = [door.PHOTO_PATH]  # in a picture that telephones read: as short as it can be
    assert [path for path in paths if not path.startswith("/v1/")] == by_people


def test_a_certificate_is_renewed_long_before_the_grace_is_needed() -> None:
    assert door.GRACE_DAYS < door.LIFE_DAYS / 2


@pytest.mark.parametrize("kind", [door.Granted, door.InForce])
def test_an_office_from_before_there_were_releases_has_no_root_to_give(
    kind: type[msgspec.Struct],
) -> None:
    (root,) = [field for field in msgspec.structs.fields(kind) if field.name == "root"]
    assert root.default == ""
