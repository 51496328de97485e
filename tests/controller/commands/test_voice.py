"""The office speaks with a key that kiosks believe, or says once why it does not."""

from controller.commands.orders import Signer
from controller.commands.voice import NO_KEY, NO_POLICY, STRANGE_KEY, Voice
from tests.support.signing import Ceremony

KEYS = Ceremony("adi")


def test_a_key_that_the_policy_names_is_used() -> None:
    said: list[str] = []
    signer = Signer(KEYS.office)
    assert Voice(signer, "nothing goes", said.append).usable(KEYS.policy()) is signer
    assert said == []


def test_why_not_is_said_once_and_again_when_it_is_something_else() -> None:
    said: list[str] = []
    voice = Voice(Signer(Ceremony("budi").office), "nothing goes", said.append)
    for policy in (None, None, KEYS.policy(), KEYS.policy(), None):
        assert voice.usable(policy) is None
    assert said == [f"nothing goes: {why}" for why in (NO_POLICY, STRANGE_KEY, NO_POLICY)]


def test_without_a_key_the_administrator_is_told_how_to_give_one() -> None:
    said: list[str] = []
    assert Voice(None, "nothing goes", said.append).usable(KEYS.policy()) is None
    assert said == [f"nothing goes: {NO_KEY}"]
