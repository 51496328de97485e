"""The ticket of a citizen's telephone: written, read again, and nothing but that is a ticket."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import ticket
from wire.errors import MalformedMessage
from wire.submission import TICKET_DOMAIN
from wire.ticket import Ticket

KIOSKS = st.from_regex(r"[a-z][a-z0-9-]{1,30}[a-z0-9]", fullmatch=True)
TICKETS = st.builds(
    Ticket,
    KIOSKS,
    st.binary(min_size=16, max_size=16).map(bytes.hex),
    st.integers(0, 10**14),
)


@given(TICKETS, st.binary(min_size=64, max_size=64))
def test_what_was_written_is_read_and_fits_into_what_is_sealed(
    made: Ticket, signature: bytes
) -> None:
    text = ticket.write(made, signature)
    assert ticket.read(text) == (made, signature)
    assert len(text) <= ticket.MOST


@given(st.text(max_size=220) | st.binary(max_size=150).map(lambda b: base64.b64encode(b).decode()))
def test_anything_else_is_refused_in_one_way(text: str) -> None:
    try:
        made, signature = ticket.read(text)
    except MalformedMessage:
        return
    assert ticket.write(made, signature) == text


@pytest.mark.parametrize("end", ["=", "==", "\n", "A"])
def test_a_second_writing_of_one_ticket_is_none(end: str) -> None:
    text = ticket.write(Ticket("bandung-coblong-01", "0" * 32, 5), bytes(64))
    with pytest.raises(MalformedMessage):
        ticket.read(text + end)


def test_a_signature_says_what_it_is_for() -> None:
    said = ticket.to_sign(Ticket("bandung-coblong-01", "a" * 32, 7))
    assert said == TICKET_DOMAIN + b"bandung-coblong-01 " + b"a" * 32 + b" 7"
