"""How a command ended, there and back."""

from agent.ended import Ended, decode, encode
from wire.messages import Attachment, Facts


def test_it_is_read_as_it_was_written() -> None:
    seen = Attachment(sha256="a" * 64, size=3, type="image/jpeg")
    facts: Facts = {"x": 1.5, "y": None}
    one = Ended(
        command="c" * 32, state="failed", code="x", facts=facts, attachment=seen, began=1, ended=2
    )
    assert decode(encode(one)) == one
