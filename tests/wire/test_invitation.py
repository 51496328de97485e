"""The code typed on a kiosk: what is mistyped is told from what is refused."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.invitation import PIN_BYTES, TOKEN_BYTES, BadCode, Invitation, parse, pin_of

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
invitations = st.builds(
    Invitation,
    st.binary(min_size=TOKEN_BYTES, max_size=TOKEN_BYTES),
    st.binary(min_size=PIN_BYTES, max_size=PIN_BYTES),
)
places = st.integers(0, 63)


def signs(code: str) -> str:
    return code.replace("-", "")


def refusal(text: str) -> str:
    try:
        parse(text)
    except BadCode as error:
        return str(error)
    return ""


@given(invitations)
def test_a_code_is_read_as_it_was_written(invitation: Invitation) -> None:
    assert parse(invitation.code) == invitation


@given(invitations)
def test_a_code_is_sixteen_groups_of_four(invitation: Invitation) -> None:
    groups = invitation.code.split("-")
    assert [len(group) for group in groups] == [4] * 16
    assert set("".join(groups)) <= set(ALPHABET)


@given(invitations, st.data())
def test_case_spaces_hyphens_and_look_alikes_do_not_matter(
    invitation: Invitation, data: st.DataObject
) -> None:
    typed = ""
    for sign in signs(invitation.code):
        alike = {"0": "0Oo", "1": "1IiLl"}.get(sign, sign + sign.lower())
        typed += data.draw(st.sampled_from(alike)) + data.draw(
            st.sampled_from(["", " ", "-", "\t"])
        )
    assert parse(typed) == invitation


@given(invitations, places)
def test_every_single_wrong_letter_or_digit_is_noticed(invitation: Invitation, at: int) -> None:
    right = signs(invitation.code)
    for sign in set(ALPHABET) - {right[at]}:
        with pytest.raises(BadCode, match="is wrong"):
            parse(right[:at] + sign + right[at + 1 :])


@given(invitations, st.integers(0, 62))
def test_two_neighbours_changed_over_are_noticed(invitation: Invitation, at: int) -> None:
    right = signs(invitation.code)
    swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    if swapped != right:
        with pytest.raises(BadCode, match="is wrong"):
            parse(swapped)


@given(invitations, places)
def test_a_sign_too_few_or_too_many_is_said_as_such(invitation: Invitation, at: int) -> None:
    right = signs(invitation.code)
    for typed in (right[:at] + right[at + 1 :], right[:at] + "7" + right[at:]):
        with pytest.raises(BadCode, match=r"has 64 letters and digits, not 6[35]"):
            parse(typed)


@given(invitations, places, st.sampled_from("Uu!/ü²"))
def test_what_is_in_no_code_is_said_as_such(invitation: Invitation, at: int, sign: str) -> None:
    right = signs(invitation.code)
    with pytest.raises(BadCode, match="only letters"):
        parse(right[:at] + sign + right[at + 1 :])


@given(st.text(max_size=80))
def test_any_text_is_a_code_or_said_to_be_none_without_repeating_it(text: str) -> None:
    assert len(text) < 12 or text not in refusal(text)


@given(invitations)
def test_the_office_keeps_only_the_hash_of_the_secret(invitation: Invitation) -> None:
    assert invitation.token_sha256 == hashlib.sha256(invitation.token).hexdigest()


def test_the_pin_is_the_beginning_of_the_hash_of_the_authority() -> None:
    assert hashlib.sha256(b"der").digest().startswith(pin_of(b"der"))
    assert len(pin_of(b"der")) == PIN_BYTES


def test_the_form_of_a_code_does_not_change_from_release_to_release() -> None:
    zeros = Invitation(bytes(TOKEN_BYTES), bytes(PIN_BYTES))
    assert zeros.code == "-".join(["0000"] * 16)
    counted = Invitation(bytes(range(TOKEN_BYTES)), bytes(range(PIN_BYTES)))
    assert counted.code.startswith("000G-40R4-0M30-E209-185G-R38E-1W81-24GK-")
    assert counted.code.endswith("-2GAH-C5R0-0410-6105-0R3G-G28A-1C60-T552")
