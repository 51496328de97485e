"""Whose word about which record counts."""

from itertools import product

import msgspec

from agent.submissions.judged import NAMELESS, judged
from wire.submission import Ack

UID, SHA = "a" * 32, "b" * 64
ACK = Ack(kiosk="k-1", id=UID, sha256=SHA, outcome="accepted", at=0)


def test_only_the_word_for_this_very_record_lets_it_go() -> None:
    found = {}
    for kiosk, uid, sha, outcome in product(
        ("k-1", "k-2"), (UID, NAMELESS, "c" * 32), (SHA, "d" * 64), ("accepted", "refused")
    ):
        ack = msgspec.structs.replace(ACK, kiosk=kiosk, id=uid, sha256=sha, outcome=outcome)
        if verdict := judged(ack, "k-1", UID, SHA):
            found[kiosk, uid, sha, outcome] = verdict
    assert found == {
        ("k-1", UID, SHA, "accepted"): "forget",
        ("k-1", UID, SHA, "refused"): "aside",
        ("k-1", NAMELESS, SHA, "refused"): "aside",
    }


def test_what_nobody_signed_lets_nothing_go() -> None:
    assert judged(None, "k-1", UID, SHA) is None
