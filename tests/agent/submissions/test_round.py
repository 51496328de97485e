"""A round of the child: nothing is lost, nothing goes but by the office's word."""

import errno
import os
from pathlib import Path

import msgspec
import pytest

from agent.submissions.basket import Basket, Waiting
from agent.submissions.ring import NoKeys
from agent.submissions.round import REGISTERED, Round
from portal.handing import Handing
from tests.agent.submissions.played import PlayedOffice, a_round, around
from tests.support.citizens import NOW, OfficeKeys, Wall, a_draft, a_handing, records
from wire.citizen import Issued, Question, Sync
from wire.local import ASK, CHILD, ISSUED, OUT, REFUSED, SYNC, ChildSays, name_of
from wire.submission import Ack, Signed, read


def test_what_was_handed_in_arrives_and_goes_by_the_offices_word(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    numbers = [hands.hand_in(a_draft()).number for _ in range(3)]
    said = a_round(tmp_path, office)
    assert (said.records, said.reached, said.why) == (0, True, "")
    assert records(tmp_path / "tray") == []
    assert len(office.arrived) == 3
    assert set(office.times.values()) == {1}
    assert [one.waiting for one in office.told] == [0], "the news comes when something has gone"
    assert len(set(numbers)) == 3


def test_the_office_learns_the_key_once_and_a_new_one_again(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    assert hands.state().records == 0
    for _ in range(2):
        a_round(tmp_path, office)
    assert len(office.registered) == 1
    (tmp_path / "tray" / REGISTERED).write_bytes(b"{")
    a_round(tmp_path, office)
    assert len(office.registered) == 2


def test_row_62_a_lost_answer_is_asked_for_and_the_record_is_not_brought_twice(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    hands.hand_in(a_draft())
    office.down = 3  # key, question, record; its answer is lost
    said = a_round(tmp_path, office)
    assert (said.records, said.reached) == (1, False)
    office.down = None
    assert a_round(tmp_path, office).records == 0
    assert set(office.times.values()) == {1}


@pytest.mark.parametrize("calls", range(8))
def test_row_62_a_line_that_goes_after_any_call_loses_and_doubles_nothing(
    tmp_path: Path, hands: Handing, office: PlayedOffice, calls: int
) -> None:
    for _ in range(2):
        hands.hand_in(a_draft())
    office.down = calls
    here = a_round(tmp_path, office).records
    office.down = None
    assert here + len(office.arrived) >= 2
    assert a_round(tmp_path, office).records == 0
    assert len(office.arrived) == 2


def test_row_62_no_other_word_lets_a_record_go(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    hands.hand_in(a_draft())
    stranger = OfficeKeys()

    def forged(signed: Signed, ack: Ack) -> list[Signed]:
        def other(**changed: object) -> Signed:
            return office.keys.says(msgspec.structs.replace(ack, **changed))

        unsigned = msgspec.structs.replace(signed, signature="A" * 86 + "==")
        edited = msgspec.structs.replace(signed, text=signed.text.replace('"at":1', '"at":2'))
        renamed = msgspec.structs.replace(stranger.says(ack), key=office.keys.ack.id)
        return [
            other(kiosk="bandung-andir-01"),
            other(id="f" * 32),
            other(sha256="f" * 64),
            other(outcome="refused", id="f" * 32),
            stranger.says(ack),
            renamed,
            unsigned,
            edited,
            msgspec.structs.replace(signed, text=f" {signed.text}"),
        ]

    office.twist = forged
    assert a_round(tmp_path, office).records == 1
    assert len(records(tmp_path / "tray")) == 1
    office.twist = lambda signed, _: [signed]
    assert a_round(tmp_path, office).records == 0


def test_row_62_a_record_stays_until_a_key_of_the_content_shown_here_has_signed(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    """The office signs by a key that this kiosk does not know, until it is brought once more."""
    hands.hand_in(a_draft())
    gone = OfficeKeys()

    def anew(signed: Signed, ack: Ack) -> list[Signed]:
        return [signed if office.times[ack.sha256] > 1 else gone.says(ack)]

    office.twist = anew
    assert a_round(tmp_path, office).records == 1
    assert a_round(tmp_path, office).records == 0
    assert set(office.times.values()) == {2}


def test_a_record_that_waits_for_its_judge_stays_and_is_not_brought_again(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    hands.hand_in(a_draft())
    office.judges = False
    for _ in range(2):
        assert a_round(tmp_path, office).records == 1
    assert set(office.times.values()) == {1}
    office.judges = True
    assert a_round(tmp_path, office).records == 0


def test_what_the_office_refuses_is_put_aside_and_told(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    hands.hand_in(a_draft())
    office.refuses = "unsigned"
    said = a_round(tmp_path, office)
    assert (said.records, said.refused) == (0, 1)
    assert "unsigned" in said.why
    assert len([*(tmp_path / "tray" / REFUSED).iterdir()]) == 1
    assert a_round(tmp_path, office).refused == 1


def test_row_61_a_record_that_rotted_is_put_aside_and_the_others_go_on(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    out = tmp_path / "tray" / OUT
    (out / name_of(NOW - 1, "e" * 32)).write_bytes(b"torn")
    hands.hand_in(a_draft())
    office.twist = lambda signed, ack: [
        office.keys.says(msgspec.structs.replace(ack, outcome="refused", why="malformed"))
        if ack.id == "0" * 32
        else signed
    ]
    said = a_round(tmp_path, office)
    assert (said.records, said.refused) == (0, 1)


def test_a_door_that_takes_nothing_is_not_asked_five_thousand_times(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    for _ in range(5):
        hands.hand_in(a_draft())
    office.takes = False
    said = a_round(tmp_path, office)
    assert said.records == 5
    assert said.why == "a record was not taken: the door does not take it"


def test_without_a_release_nothing_is_forgotten(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    hands.hand_in(a_draft())

    def none() -> object:
        raise NoKeys("no release of services is in use here")

    said = Round(around(tmp_path, office)._replace(keys=none)).run(sync=True)  # type: ignore[arg-type]
    assert said.records == 1
    assert "no release" in said.why


def test_a_citizen_who_asks_is_answered_before_records_are_brought(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    hands.hand_in(a_draft())
    question = Question(id="a" * 32, number="261122-0042", tail="4321")
    asks = tmp_path / "asks"
    asks.mkdir()
    (asks / f"{question.id}{ASK}").write_bytes(msgspec.json.encode(question))
    a_round(tmp_path, office)
    assert office.asked == [question]
    assert [path.name for path in asks.iterdir()] == [f"{question.id}.answer"]


def test_a_question_that_could_not_be_asked_goes_without_an_answer(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    assert hands.state().records == 0
    question = Question(id="a" * 32, number="261122-0042", tail="4321")
    (tmp_path / "asks").mkdir()
    (tmp_path / "asks" / f"{question.id}{ASK}").write_bytes(msgspec.json.encode(question))
    office.down = 0
    assert not a_round(tmp_path, office).reached
    assert [*(tmp_path / "asks").iterdir()] == []


def test_the_news_is_asked_for_with_tickets_and_kept_for_the_portal(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    assert hands.state().records == 0
    issued = (Issued(day="2026-11-22", letter="A", number=7),)
    (tmp_path / "tray" / ISSUED).write_bytes(msgspec.json.encode(issued))
    said = a_round(tmp_path, office, sync=True)
    assert office.told[0].issued == issued
    news = msgspec.json.decode((tmp_path / "tray" / SYNC).read_bytes(), type=Sync)
    assert news.at == NOW
    kept = msgspec.json.decode((tmp_path / "tray" / CHILD).read_bytes(), type=ChildSays)
    assert kept == said


def test_row_63_a_tray_of_months_leaves_in_its_own_order(
    tmp_path: Path, office: PlayedOffice
) -> None:
    for moment in (NOW + 5, NOW, NOW + 9):
        hands = a_handing(tmp_path / "tray", office.keys, wall_ms=Wall(moment))
        hands.hand_in(a_draft())
    a_round(tmp_path, office)
    came = [read(body).head.made_at for body in office.arrived.values()]
    assert came == sorted(came)


def test_an_answer_about_nothing_changes_nothing(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    hands.hand_in(a_draft())
    office.twist = lambda *_: []
    office.judges = True
    assert a_round(tmp_path, office).records == 1


class Rotten(Basket):
    """A disk that does not give its oldest record any more."""

    def hash_of(self, one: Waiting) -> str:
        if one == self.waiting()[0]:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().hash_of(one)


def test_row_60_a_record_that_the_disk_does_not_give_holds_up_no_other(
    tmp_path: Path, hands: Handing, office: PlayedOffice
) -> None:
    for _ in range(3):
        hands.hand_in(a_draft())
    made = Round(around(tmp_path, office))
    made._basket = Rotten(tmp_path / "tray")
    said = made.run(sync=False)
    assert (said.records, said.reached, len(office.arrived)) == (1, True, 2)
    assert "cannot be read" in said.why
    assert a_round(tmp_path, office).records == 0
