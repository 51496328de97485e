"""The only parser: whatever the bytes, a message or MalformedMessage comes out."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import sayings
from wire import codec
from wire.errors import REASONS, MalformedMessage
from wire.messages import DOWN, UP, Down, Present, Up

PRESENT = {"v": 1, "epoch": "0123456789abcdef", "birth": 1, "seq": 2, "sent": 3}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def message_or_malformed(kind: str, payload: bytes) -> None:
    for decode in (codec.decode_up, codec.decode_down):
        assert outcome(decode, kind, payload) in ("message", *REASONS)


def outcome(decode: Callable[[str, bytes], Up | Down], kind: str, payload: bytes) -> str:
    try:
        decode(kind, payload)
    except MalformedMessage as error:
        return error.reason
    return "message"


def refusal(payload: bytes, kind: str = "present") -> str:
    with pytest.raises(MalformedMessage) as caught:
        codec.decode_up(kind, payload)
    assert caught.value.reason in REASONS
    return caught.value.reason


def present(**members: object) -> bytes:
    return json.dumps({**PRESENT, **members}).encode()


def extra(raw: str) -> bytes:
    """A good message with one field nobody knows, whose text is given."""
    return present()[:-1] + b',"x":' + raw.encode() + b"}"


def reading(fact: str) -> bytes:
    """A good reading with one fact, whose text is given."""
    seen = '{"probe":"disk","state":"ok","at":1,"facts":{"a":' + fact + "}}"
    return present()[:-1] + b',"observations":[' + seen.encode() + b"]}"


@pytest.mark.parametrize("kind", UP)
def test_every_message_of_a_kiosk_survives_the_journey(kind: str) -> None:
    @given(sayings.UP[kind])
    def journey(message: Up) -> None:
        assert codec.decode_up(kind, codec.encode(message)) == message
        assert codec.kind_of(message) == kind

    journey()


@pytest.mark.parametrize("kind", DOWN)
def test_every_message_of_the_office_survives_the_journey(kind: str) -> None:
    @given(sayings.DOWN[kind])
    def journey(message: Down) -> None:
        assert codec.decode_down(kind, codec.encode(message)) == message
        assert codec.kind_of(message) == kind

    journey()


@given(st.sampled_from([*UP, *DOWN, "nonsense"]), st.binary(max_size=200))
def test_any_bytes_are_a_message_or_malformed(kind: str, payload: bytes) -> None:
    message_or_malformed(kind, payload)


@given(st.sampled_from([*UP]), json_values, st.dictionaries(st.sampled_from([*PRESENT]), st.none()))
def test_any_json_is_a_message_or_malformed(
    kind: str, value: object, holes: dict[str, None]
) -> None:
    for said in (value, {**PRESENT, "x": value}, {**PRESENT, **holes}, {**PRESENT, "seq": value}):
        message_or_malformed(kind, json.dumps(said).encode())


@given(st.sampled_from([*UP]), st.data())
def test_a_damaged_message_is_a_message_or_malformed(kind: str, data: st.DataObject) -> None:
    payload = bytearray(codec.encode(data.draw(sayings.UP[kind])))
    at = data.draw(st.integers(0, len(payload) - 1))
    payload[at] = data.draw(st.integers(0, 255))
    message_or_malformed(kind, bytes(payload[: data.draw(st.integers(0, len(payload)))]))


def test_fields_nobody_knows_are_tolerated() -> None:
    assert isinstance(codec.decode_up("present", extra('{"deep": [1, "2"]}')), Present)


def test_a_kind_nobody_knows_is_refused() -> None:
    assert refusal(present(), "gossip") == "unknown_kind"


def test_a_kiosk_cannot_speak_as_the_office() -> None:
    assert refusal(b'{"v":1,"epoch":"0123456789abcdef","upto":1}', "ack") == "unknown_kind"


def test_a_missing_field_is_a_wrong_shape() -> None:
    assert refusal(b'{"v":1}') == "wrong_shape"


@pytest.mark.parametrize("epoch", ["0123456789abcdef\n", "0123456789ABCDEF", "", "0" * 17])
def test_an_epoch_is_sixteen_small_hex_digits_and_nothing_after(epoch: str) -> None:
    assert refusal(present(epoch=epoch)) == "wrong_shape"


def test_a_nul_that_no_database_stores_is_refused() -> None:
    assert refusal(reading(r'"a\u0000b"'), "reading") == "wrong_shape"


def test_row_52_keys_said_twice_are_refused() -> None:
    assert refusal(present()[:-1] + b',"seq":9}') == "duplicate_key"
    assert refusal(reading('1,"a":2'), "reading") == "duplicate_key"
    assert refusal(extra('{"y":1,"y":1}')) == "duplicate_key"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_row_52_numbers_that_are_none_are_refused(number: str) -> None:
    assert refusal(reading(number), "reading") == "number"
    assert refusal(extra(number)) == "number"


def test_row_52_a_float_too_large_to_be_one_is_refused() -> None:
    assert refusal(reading("1e999"), "reading") == "number"


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_row_52_a_hundred_thousand_levels_are_refused(opening: str) -> None:
    assert refusal(extra(opening * 100_000)) == "too_large"


def test_row_52_as_many_levels_as_fit_are_refused() -> None:
    depth = codec.MAX_BYTES // 2 - 100
    assert refusal(extra("[" * depth + "]" * depth)) == "too_deep"
    assert refusal(b"[" * codec.MAX_BYTES) in {"wrong_shape", "too_deep", "not_json"}


@pytest.mark.parametrize("member", ["seq", "birth", "sent", "v"])
def test_row_52_an_integer_of_five_thousand_digits_is_refused(member: str) -> None:
    payload = present(**{member: -7}).replace(b"-7", b"9" * 5000)
    assert refusal(payload) in {"number", "wrong_shape"}


def test_row_52_five_thousand_digits_are_refused_where_nobody_looks() -> None:
    assert refusal(extra("9" * 5000)) == "number"
    assert refusal(reading("9" * 5000), "reading") == "number"


@pytest.mark.parametrize("number", [2**53 + 1, 2**63, 2**64, 2**64 + 1, -1, -(2**63) - 1])
def test_row_52_an_integer_beyond_sixty_four_bits_is_refused(number: int) -> None:
    assert refusal(present(seq=number)) in {"number", "wrong_shape"}


@pytest.mark.parametrize("half", [r'"\ud800"', r'"\udc00"', r'"a\ud800b"'])
def test_row_52_half_a_surrogate_pair_is_refused(half: str) -> None:
    assert refusal(reading(half), "reading") == "not_json"
    assert refusal(extra(half)) == "not_json"


def test_row_52_a_byte_order_mark_is_refused() -> None:
    assert refusal(b"\xef\xbb\xbf" + present()) == "not_json"


def test_row_52_nothing_at_all_is_refused() -> None:
    assert refusal(b"") == "empty"


def test_row_52_a_megabyte_is_refused_unread() -> None:
    assert refusal(present() + b" " * 1_000_000) == "too_large"


@pytest.mark.parametrize("payload", [b"\xff\xfe", b"\xed\xa0\x80", present()[:-1] + b'"\x80"'])
def test_row_52_what_is_not_utf8_is_refused(payload: bytes) -> None:
    assert refusal(payload) == "not_utf8"


@pytest.mark.parametrize("version", [0, 2, -1, 2**40])
def test_row_52_another_version_is_refused_as_that(version: int) -> None:
    assert refusal(present(v=version)) == "wrong_version"
    assert refusal(json.dumps({"v": version, "shape": "another"}).encode()) == "wrong_version"


@pytest.mark.parametrize("payload", [b"null", b"[]", b'"present"', b"1", b"{}", b"{", b"}{"])
def test_row_52_json_that_is_no_message_is_refused(payload: bytes) -> None:
    assert refusal(payload) in {"wrong_shape", "not_json"}
