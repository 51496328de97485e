"""The office's real door, as the child speaks to it: what was handed in becomes a submission."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.actions.base import Failed
from tests.support.citizens import forms_of
from tests.support.delivery import Delivery, delivering
from tests.support.door import BuildDoor
from tests.support.registrar import PLANTED, Registry
from wire.citizen import Answer, Call, Coming, Question, RecordKey, Told
from wire.local import ASK, SYNC


@pytest.fixture
def delivery(tmp_path: Path, registry: Registry, build_door: BuildDoor) -> Iterator[Delivery]:
    with delivering(tmp_path / "kiosk", registry, build_door) as made:
        yield made


def test_what_was_handed_in_is_a_submission_once_and_gone_from_the_kiosk(
    delivery: Delivery,
) -> None:
    handed = delivery.hand_in()
    said = delivery.round()
    assert (said.records, said.refused, said.why) == (0, 0, "")
    assert delivery.numbers() == [handed.number]
    assert (delivery.tray / SYNC).exists()
    assert delivery.round().records == 0
    assert delivery.numbers() == [handed.number]


def test_row_59_nothing_of_it_can_be_read_in_the_offices_database(delivery: Delivery) -> None:
    delivery.hand_in()
    delivery.round()
    disk = b"".join(
        path.read_bytes() for path in delivery.registry.folder.rglob("*") if path.is_file()
    )
    assert len(disk) > 10_000
    for form in (*forms_of(PLANTED), *forms_of("081200004321")):
        assert form not in disk


def test_row_62_while_the_registrar_is_away_records_arrive_and_wait_and_are_kept_here(
    delivery: Delivery,
) -> None:
    handed = delivery.hand_in()
    delivery.registry.socket.rename(delivery.registry.socket.with_suffix(".away"))
    assert delivery.round().records == 1
    assert delivery.numbers() == []
    delivery.registry.clerk.step()
    assert delivery.round().records == 0
    assert delivery.numbers() == [handed.number]


def test_who_knows_number_and_digits_hears_how_it_stands(delivery: Delivery) -> None:
    handed = delivery.hand_in()
    delivery.round()
    asks = delivery.folder / "asks"
    asks.mkdir()
    for uid, tail in (("a" * 32, "4321"), ("b" * 32, "1234")):
        question = Question(id=uid, number=handed.number, tail=tail)
        (asks / f"{uid}{ASK}").write_bytes(msgspec.json.encode(question))
    delivery.round()
    right, wrong = (
        msgspec.json.decode((asks / f"{uid}.answer").read_bytes(), type=Answer)
        for uid in ("a" * 32, "b" * 32)
    )
    assert right.found
    assert right.standing is not None
    assert right.standing.number == handed.number
    assert not wrong.found


def test_a_key_that_is_none_is_refused_with_who_must_act(delivery: Delivery) -> None:
    with pytest.raises(Failed):
        delivery.counter().register(RecordKey(public="none", made_at=0))


def test_a_call_for_an_officer_is_answered_and_the_news_say_how_it_stands(
    delivery: Delivery,
) -> None:
    delivery.hand_in()
    asks = delivery.folder / "asks"
    asks.mkdir()
    (asks / "call.ask").write_bytes(msgspec.json.encode(Call(id="c" * 32, page="perizinan")))
    said = delivery.round()
    assert said.why == ""
    told = msgspec.json.decode((asks / "call.answer").read_bytes(), type=Coming)
    assert (told.id, told.state) == ("c" * 32, "open")
    assert delivery.counter().sync(Told()).coming == told
