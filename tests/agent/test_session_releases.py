"""The conversation about releases: what is in use, what is desired, how far it is, how it ended."""

import random

import msgspec

from agent.content.progress import Way
from agent.content.reports import Report
from agent.session import Session
from tests.agent.test_session import ABOUT, Kept, kinds
from wire import codec
from wire.messages import Ack, Birth, Desired, Fetching, Install

DESIRED = Desired(signed="{}", key="0" * 16, signature="A" * 86 + "==")
REPORT = Report(
    bundle="layanan", seq=4, attempt=2, state="rolled_back", now=3, code="page_blank", began=1,
    ended=2,
)  # fmt: skip


class Told:
    """Releases that say what the test wants."""

    def __init__(self) -> None:
        self.news: list[Way] = []
        self.heard_of: list[Desired] = []
        self.acked = 0

    @property
    def has_news(self) -> bool:
        return bool(self.news)

    def in_use(self) -> dict[str, int]:
        return {"layanan": 3}

    def heard(self, message: Desired) -> None:
        self.heard_of.append(message)

    def acknowledged(self) -> None:
        self.acked += 1

    def take_news(self) -> Way | None:
        return self.news.pop(0) if self.news else None


def connected() -> tuple[Kept, Told]:
    kept, told = Kept(), Told()
    about, rng = ABOUT, random.Random(1)
    kept.session = Session(about, kept.picture, kept.outbox, lambda: 7, rng, releases=told)
    kept.session.begin(1, 20, 0.0)
    return kept, told


def test_every_birth_says_what_is_in_use() -> None:
    kept, _ = connected()
    (birth,) = kept.drain(0.0)
    assert isinstance(birth, Birth)
    assert birth.releases == {"layanan": 3}


def test_a_kiosk_that_installs_none_has_none_in_use() -> None:
    (birth,) = Kept().drain(0.0)
    assert isinstance(birth, Birth)
    assert birth.releases == {}


def test_what_is_desired_is_heard_while_connected_and_never_after() -> None:
    kept, told = connected()
    kept.session.received(DESIRED, 0.0)
    assert told.heard_of == [DESIRED]
    kept.session.lost()
    kept.session.received(DESIRED, 0.0)
    assert told.heard_of == [DESIRED]


def test_how_far_a_release_is_wakes_the_line_and_is_said() -> None:
    kept, told = connected()
    kept.drain(0.0)
    assert kept.session.due(1.0) > 1.0
    told.news.append(Way("layanan", 4, 1, "downloading", 10, 20, "quiet hours"))
    assert kept.session.due(1.0) == 1.0
    (said,) = kept.drain(1.0)
    assert isinstance(said, Fetching)
    assert (said.release, said.state, said.done, said.total) == (4, "downloading", 10, 20)
    assert said.seq == 1  # the message's own number, in its place
    assert codec.decode_up("fetching", codec.encode(said)) == said


def test_how_it_ended_is_a_fact_among_the_others() -> None:
    kept, _ = connected()
    kept.outbox.put_installs([(REPORT, lambda *_: None)])
    messages = kept.drain(0.0)
    assert kinds(messages) == ["Birth", "Install"]
    said = messages[1]
    assert isinstance(said, Install)
    assert (said.fact, said.seq, said.release, said.now) == (1, 1, 4, 3)
    fields = msgspec.structs.asdict(said)
    assert {name: fields[name] for name in ("state", "code", "attempt", "began", "ended")} == {
        "state": "rolled_back", "code": "page_blank", "attempt": 2, "began": 1, "ended": 2,
    }  # fmt: skip
    assert codec.decode_up("install", codec.encode(said)) == said


def test_it_is_said_again_until_the_office_has_stored_it() -> None:
    kept, _ = connected()
    kept.outbox.put_installs([(REPORT, lambda *_: None)])
    kept.drain(0.0)
    kept.session.lost()
    kept.session.begin(2, 20, 1.0)
    assert kinds(kept.drain(1.0)) == ["Birth", "Install"]
    kept.session.received(Ack(epoch=ABOUT.epoch, upto=1), 2.0)
    kept.session.lost()
    kept.session.begin(3, 20, 3.0)
    assert kinds(kept.drain(3.0)) == ["Birth"]


def test_that_the_office_has_heard_this_memory_is_known() -> None:
    kept, told = connected()
    kept.session.received(Ack(epoch="f" * 16, upto=0), 1.0)
    assert told.acked == 0
    kept.session.received(Ack(epoch=ABOUT.epoch, upto=0), 1.0)
    assert told.acked == 1
