"""IPP read tolerantly: any bytes, and the oddities real printers are known for."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes import ipp
from agent.probes.ipp import NotIpp, Uri, parse, request

HEAD = struct.pack(">BBHI", 2, 0, 0, 1)
PRINTER = b"\x04"
END = b"\x03"


def attribute(tag: int, name: str, value: bytes) -> bytes:
    head = struct.pack(">BH", tag, len(name)) + name.encode()
    return head + struct.pack(">H", len(value)) + value


def printer(*attributes: bytes) -> ipp.Group:
    return parse(HEAD + PRINTER + b"".join(attributes) + END).first(ipp.PRINTER_GROUP)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_reply_or_the_documented_error(data: bytes) -> None:
    for start in (b"", HEAD, HEAD + PRINTER):
        with contextlib.suppress(NotIpp):
            parse(start + data)


@given(st.data())
def test_a_reply_cut_anywhere_inside_an_attribute_is_refused_as_a_whole(
    data: st.DataObject,
) -> None:
    paper_out = attribute(0x44, "printer-state-reasons", b"media-empty")
    whole = HEAD + PRINTER + attribute(0x23, "printer-state", b"\0\0\0\3") + paper_out
    cut = data.draw(st.integers(len(whole) - len(paper_out) + 1, len(whole) - 1))
    with pytest.raises(NotIpp):
        parse(whole[:cut])


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z-]{0,20}", fullmatch=True),
        st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=4),
        max_size=6,
    )
)
def test_what_is_written_is_read(values: dict[str, list[int]]) -> None:
    parts = [
        attribute(0x21, "" if index else name, struct.pack(">i", number))
        for name, numbers in values.items()
        for index, number in enumerate(numbers)
    ]
    assert printer(*parts) == values


def test_text_that_is_not_utf8_is_read_with_marks_in_place_of_the_broken_letters() -> None:
    assert printer(attribute(0x41, "printer-info", b"Ka\xffntor")) == {"printer-info": ["Ka�ntor"]}


def test_control_characters_from_a_printer_become_spaces() -> None:
    assert printer(attribute(0x41, "a", b"x\x00y\nz\x1b[31m")) == {"a": ["x y z [31m"]}


def test_numbers_of_a_wrong_size_are_stepped_over_and_the_next_attribute_is_read() -> None:
    odd = attribute(0x21, "queued-job-count", b"\0\1")
    assert printer(odd, attribute(0x22, "b", b""), attribute(0x44, "k", b"none")) == {"k": ["none"]}


def test_values_that_say_unknown_are_no_values() -> None:
    assert printer(attribute(0x12, "marker-levels", b""), attribute(0x13, "x", b"")) == {}


def test_collections_are_stepped_over_however_deep() -> None:
    inner = attribute(0x34, "", b"") + attribute(0x21, "", b"\0\0\0\1") + attribute(0x37, "", b"")
    outer = attribute(0x34, "media-col", b"") + attribute(0x4A, "", b"x") + inner
    after = attribute(0x44, "printer-state-reasons", b"media-empty")
    assert printer(outer, attribute(0x37, "", b""), after) == {
        "printer-state-reasons": ["media-empty"]
    }


def test_a_missing_end_mark_is_forgiven_at_an_attribute_s_end() -> None:
    whole = HEAD + PRINTER + attribute(0x44, "k", b"none")
    assert parse(whole).first(ipp.PRINTER_GROUP) == {"k": ["none"]}


def test_every_job_is_a_group_of_its_own() -> None:
    job = b"\x02" + attribute(0x21, "job-id", b"\0\0\0\7")
    assert [tag for tag, _ in parse(HEAD + job + job + END).groups] == [2, 2]


def test_a_question_can_be_read_back() -> None:
    asked = parse(request(ipp.GET_PRINTER_ATTRIBUTES, "ipp://x/y", ["a", "b"], limit=3))
    group = asked.first(ipp.OPERATION_GROUP)
    assert asked.status == ipp.GET_PRINTER_ATTRIBUTES
    assert group["printer-uri"] == ["ipp://x/y"]
    assert group["requested-attributes"] == ["a", "b"]
    assert group["limit"] == [3]


def test_an_address_has_host_port_and_path() -> None:
    assert Uri.parse("ipp://printer/ipp/print") == Uri("printer", 631, "/ipp/print")
    assert str(Uri.parse("ipp://127.0.0.1:60000/ipp/print")) == "ipp://127.0.0.1:60000/ipp/print"


@pytest.mark.parametrize("text", ["", "http://x/", "ipp://", "ipp://x:y/", "printer"])
def test_a_wrong_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="ipp://host:631"):
        Uri.parse(text)
