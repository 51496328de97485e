"""A request's query and form, however they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.asked import FORM, BadForm, read_form, read_query

PARTS = (
    b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nsatu\r\n'
    b'--x\r\nContent-Disposition: form-data; name="f"; filename="p.jpg"\r\n'
    b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n\r\nrest\r\n--x--\r\n"
)


def test_fields_keep_every_value_in_order() -> None:
    form, files = read_form(FORM, b"a=1&b=&a=2&c=%C3%A9+x")
    assert form == {"a": ["1", "2"], "b": [""], "c": ["é x"]}
    assert files == {}


def test_a_form_with_files_gives_its_bytes_as_they_came() -> None:
    form, files = read_form("multipart/form-data; boundary=x", PARTS)
    assert form == {"a": ["satu"]}
    assert files == {"f": [b"\xff\xd8\r\n\r\nrest"]}


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"x"),
        ("multipart/form-data", PARTS),
        ("multipart/form-data; boundary=x", b"--x\r\nno end"),
        ("multipart/form-data; boundary=x", b"--x\r\nno name\r\n\r\nx\r\n--x--"),
        (FORM, "é".encode()),
        (FORM, b"&".join(b"a=1" for _ in range(400))),
    ],
)
def test_what_no_browser_of_ours_sends_is_a_bad_form(kind: str, body: bytes) -> None:
    with pytest.raises(BadForm):
        read_form(kind, body)


@given(kind=st.text(max_size=80), body=st.binary(max_size=400))
def test_any_bytes_are_a_form_or_a_bad_one(kind: str, body: bytes) -> None:
    try:
        read_form(kind, body)
        read_form("multipart/form-data; boundary=x", body)
        read_form(FORM, body)
    except BadForm:
        pass


@given(st.text(max_size=200))
def test_any_query_is_read(text: str) -> None:
    assert isinstance(read_query(text), dict)
