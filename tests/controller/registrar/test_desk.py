"""Each question has one who answers it; a database that is away is said so."""

from typing import get_args

from sqlalchemy.exc import OperationalError

from controller.registrar import protocol
from controller.registrar.clerk import Clerk
from tests.support.registrar import NAME, Registry


def test_every_question_of_the_protocol_is_served(registry: Registry) -> None:
    desk = registry.desk()
    for kind in get_args(protocol.Ask):
        assert kind in desk._served


def test_a_database_that_is_away_is_said_so(registry: Registry) -> None:
    class Away(Clerk):
        def judge(self, number: int) -> None:
            raise OperationalError(f"SELECT {number}", {}, Exception("no route"))

    registry.clerk = Away(registry.engine, registry.now_held, registry.clock)
    desk = registry.desk()
    said = desk.answer(protocol.Judge(record=1))
    assert isinstance(said, protocol.Refused)
    assert said.code == "away"
    assert "database" in said.why


def test_digits_of_a_number_without_any_are_never_right(registry: Registry) -> None:
    registry.accepted(registry.portal().record(tail=""))
    desk = registry.desk()
    ask = protocol.Tail(kiosk=NAME, number="261122-0001-K7Q3M-R", tail="0000")
    assert desk.answer(ask) == protocol.Known(yes=False)
