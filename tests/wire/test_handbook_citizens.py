"""The chapter about citizens leaves no word of the language untold."""

from wire import submission
from wire.handbook import text
from wire.handbook_citizens import CITIZENS, REFUSED


def test_every_word_with_which_a_record_is_refused_is_explained() -> None:
    assert tuple(REFUSED) == submission.REFUSALS
    assert all(f"| `{word}` | {when} |" in text() for word, when in REFUSED.items())


def test_every_domain_of_a_signature_or_a_seal_is_told() -> None:
    for domain in (
        submission.RECORD_DOMAIN,
        submission.ACK_DOMAIN,
        submission.TICKET_DOMAIN,
        submission.SEAL_INFO,
    ):
        assert f"`{domain[:-1].decode()}`" in CITIZENS
