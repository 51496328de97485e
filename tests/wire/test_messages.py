"""The messages themselves: every kind numbered, versioned and frozen."""

import msgspec
import pytest

from wire import codec
from wire.messages import DOWN, UP, VERSION, Header, Present

EPOCH = "0123456789abcdef"


@pytest.mark.parametrize("type_", [*UP.values(), *DOWN.values()])
def test_every_message_says_its_version(type_: type[msgspec.Struct]) -> None:
    fields = {field.name: field.default for field in msgspec.structs.fields(type_)}
    assert fields["v"] == VERSION


def test_every_message_of_a_kiosk_is_numbered_but_the_will() -> None:
    assert [kind for kind, type_ in UP.items() if not issubclass(type_, Header)] == ["death"]


def test_what_was_said_cannot_be_changed() -> None:
    said = Present(epoch=EPOCH, birth=1, seq=1, sent=1)
    with pytest.raises(AttributeError):
        said.seq = 2  # type: ignore[misc]


def test_a_message_with_nothing_to_say_is_small() -> None:
    said = Present(epoch=EPOCH, birth=1, seq=1, sent=1_700_000_000_000)
    assert len(codec.encode(said)) < 90


@pytest.mark.parametrize("type_", [type_ for type_ in UP.values() if issubclass(type_, Header)])
def test_no_message_calls_something_of_its_own_as_its_header_does(type_: type[Header]) -> None:
    assert not set(vars(type_).get("__annotations__", {})) & set(Header.__annotations__)
