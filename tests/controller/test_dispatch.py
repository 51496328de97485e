"""What leaves the office can be read by the kiosk it is for."""

from controller import dispatch
from controller.known import Known, Thread
from wire.codec import decode_down
from wire.messages import Ack, Rebirth, RollCall
from wire.topics import kind_of_down, kiosk_filters, partition_of

KNOWN = Known(1, "kiosk-1", partition_of("kiosk-1"))
KNOWN.thread = Thread("00000000000000aa", 1, 2, 3, 0, 0, "", "", 60, ())


def test_mail_is_addressed_and_readable() -> None:
    mail = dispatch.mail([KNOWN], [(KNOWN, "gap")])
    assert [decode_down(kind_of_down(one.topic), one.payload) for one in mail] == [
        Ack(epoch="00000000000000aa", upto=3), Rebirth(why="gap"),
    ]  # fmt: skip
    own = kiosk_filters("kiosk-1")[0].removesuffix("+")
    assert all(one.topic.startswith(own) and one.partition == KNOWN.partition for one in mail)
    assert [one.qos for one in mail] == [0, 1]


def test_a_roll_call_reaches_the_partition() -> None:
    one = dispatch.roll_call(KNOWN.partition, "abc", 30)
    assert one.topic == kiosk_filters("kiosk-1")[1].replace("+", "rollcall")
    assert decode_down("rollcall", one.payload) == RollCall(call="abc", within_s=30)


def test_nobody_unheard_is_acknowledged() -> None:
    assert dispatch.mail([Known(2, "kiosk-2", 0)], []) == []
