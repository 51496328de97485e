"""What the broker must refuse: handed over in time, and reported only when proven."""

import json
from functools import partial
from pathlib import Path

import pytest

from controller.shut_out import mute
from controller.store.engine import writing
from provisioning.authority.certificates import DAY_MS
from provisioning.authority.ended import EndedList
from provisioning.authority.files import put
from provisioning.authority.pair import Pair
from provisioning.warden.exchange import Exchange
from provisioning.warden.ledger import Ledger
from provisioning.warden.lists import AGAIN_MS, NOT_YET, PATIENCE_MS, RARE_MS, Lists
from provisioning.warden.signing import Signer
from tests.support.authority import NOW, authorities
from tests.support.warden import Books, KeeperFolder

PROBE = 0xDEAD


class Desk:
    """A warden's lists, stepped by hand."""

    def __init__(self, folder: Path, books: Books, pair: Pair) -> None:
        self.folder, self.books, self.pair = folder, books, pair
        self.keeper = KeeperFolder(folder / "exchange")
        self.said: list[str] = []
        self.now = NOW
        self.start()

    def start(self) -> None:
        ended = EndedList(self.folder / "crl.pem", self.pair.device, frozenset({PROBE}))
        exchange = Exchange(self.folder / "exchange")
        self.lists = Lists(ended, exchange, partial(writing, self.books.engine), self.said.append)

    def step(self, *, after_ms: int = 0) -> int:
        """The newest stamp."""
        self.now += after_ms
        self.lists.hear(self.now)
        with self.books.engine.connect() as conn:
            self.lists.step(conn, self.now, above=0)
        return int(self.keeper.wanted()["stamp"])

    def settle(self) -> int:
        """Step, answered with a yes."""
        self.step()
        self.keeper.answer(at=self.now)
        return self.step()

    def enrolled(self, *names: str) -> list[int]:
        asked = [self.books.enrol(name, now=self.now) for name in names]
        Signer(
            self.books.engine, self.pair.device, Ledger(self.folder / "signed"), lambda: self.now
        ).step()
        for one in asked:
            self.books.use(one, self.now)
        return asked

    def serial(self, which: int) -> int:
        return int(self.books.certificate(which).serial, 16)


@pytest.fixture
def desk(tmp_path: Path, database: str) -> Desk:
    books = Books(database)
    books.register("k-001", "k-002", "k-003")
    return Desk(tmp_path, books, authorities(tmp_path / "authority"))


@pytest.mark.parametrize("at", [0, 2**52])
def test_a_keeper_cannot_say_that_it_was_done_before_it_was_asked_or_later_than_now(
    desk: Desk, at: int
) -> None:
    one, *_ = desk.enrolled("k-001")
    desk.settle()
    desk.books.end("k-001", "revoke")
    asked = desk.step(after_ms=100) and desk.now
    desk.keeper.answer(at=at)
    desk.step(after_ms=100)
    assert asked <= desk.books.certificate(one).listed_at <= desk.now


def test_at_a_start_lists_go_out_though_nobody_ended(desk: Desk) -> None:
    desk.step()
    wanted = desk.keeper.wanted()
    assert (wanted["denied"], wanted["drop"], wanted["revoked"]) == ([], [], 1)
    assert desk.keeper.serials() == {PROBE}
    assert desk.lists.standing.ok is False


def test_nothing_goes_out_when_nothing_changed(desk: Desk) -> None:
    stamp = desk.settle()
    assert desk.lists.standing.ok
    assert desk.step(after_ms=60_000) == stamp


def test_row_36_who_is_revoked_is_listed_denied_and_dropped_at_the_next_look(desk: Desk) -> None:
    mine, other = desk.enrolled("k-001", "k-002")
    desk.settle()
    desk.books.end("k-001")
    desk.step()
    wanted = desk.keeper.wanted()
    assert (wanted["denied"], wanted["drop"]) == (["k-001"], ["k-001"])
    assert desk.serial(mine) in desk.keeper.serials()
    assert desk.serial(other) not in desk.keeper.serials()


def test_it_is_reported_when_it_is_proven_and_not_before(desk: Desk) -> None:
    (mine,) = desk.enrolled("k-001")
    desk.settle()
    desk.books.end("k-001")
    desk.step()
    desk.step(after_ms=1000)
    assert (desk.books.certificate(mine).listed_at, desk.books.identity("k-001").shut_at) == (
        None,
        None,
    )
    desk.keeper.answer(at=desk.now + 7)
    stamp = desk.step(after_ms=100)
    at = desk.now - 100 + 7
    assert desk.books.certificate(mine).listed_at == at
    assert desk.books.identity("k-001").shut_at == at
    assert desk.step(after_ms=1000) == stamp


@pytest.mark.parametrize("how", ["revoke", "quarantine", "decommission"])
def test_every_end_shuts_the_kiosk_out(desk: Desk, how: str) -> None:
    desk.enrolled("k-001")
    desk.settle()
    desk.books.end("k-001", how)
    desk.settle()
    assert desk.keeper.wanted()["denied"] == ["k-001"]
    assert desk.books.identity("k-001").shut_at == desk.now


def test_row_37_a_keeper_that_does_not_answer_is_told_of_after_five_seconds(desk: Desk) -> None:
    desk.settle()
    desk.enrolled("k-001")
    desk.books.end("k-001")
    desk.step()
    desk.step(after_ms=PATIENCE_MS - 1)
    assert desk.lists.standing.ok
    desk.step(after_ms=1)
    assert (desk.lists.standing.ok, desk.lists.standing.why) == (False, NOT_YET)
    desk.keeper.answer()
    desk.step()
    assert desk.lists.standing.ok
    assert desk.said[-2:] == [f"lists: {NOT_YET}", "lists: proven"]


def test_row_37_after_a_no_the_same_is_asked_again(desk: Desk) -> None:
    (mine,) = desk.enrolled("k-001")
    desk.settle()
    desk.books.end("k-001")
    first = desk.step()
    desk.keeper.answer(ok=False, why="the broker was open")
    assert desk.step(after_ms=50) == first
    assert (desk.lists.standing.ok, desk.lists.standing.why) == (False, "the broker was open")
    assert desk.books.certificate(mine).listed_at is None
    second = desk.step(after_ms=AGAIN_MS)
    assert second > first
    assert desk.keeper.wanted()["drop"] == ["k-001"]
    desk.keeper.answer()
    desk.step()
    assert desk.books.certificate(mine).listed_at is not None
    assert desk.books.identity("k-001").shut_at is not None


def test_row_38_a_yes_that_the_keeper_takes_back_is_heard_and_lists_go_out_again(
    desk: Desk,
) -> None:
    """It stopped the broker, which somebody had opened, and starts it with our next lists."""
    first = desk.settle()
    assert desk.step(after_ms=50) == first
    said = {"stamp": first, "ok": False, "why": "stopped", "at": NOW, "crl_number": 1}
    put(desk.folder / "exchange" / "answer.json", json.dumps(said).encode())
    assert desk.step(after_ms=50) == first
    assert (desk.lists.standing.ok, desk.lists.standing.why) == (False, "stopped")
    second = desk.step(after_ms=AGAIN_MS)
    assert second > first
    desk.keeper.answer()
    desk.step()
    assert desk.lists.standing.ok is True


def test_two_ends_before_an_answer_are_both_proven_by_the_second(desk: Desk) -> None:
    mine, other = desk.enrolled("k-001", "k-002")
    desk.settle()
    desk.books.end("k-001")
    desk.step()
    desk.books.end("k-002")
    desk.step()
    assert desk.keeper.wanted()["drop"] == ["k-001", "k-002"]
    desk.keeper.answer()
    desk.step()
    assert None not in {desk.books.certificate(one).listed_at for one in (mine, other)}


def test_a_replaced_certificate_waits_for_company_but_not_a_minute(desk: Desk) -> None:
    (old,) = desk.enrolled("k-001")
    stamp = desk.settle()
    (new,) = desk.enrolled("k-001")
    assert desk.books.certificate(old).state == "superseded"
    assert desk.step(after_ms=1000) == stamp
    assert desk.step(after_ms=RARE_MS) > stamp
    assert desk.serial(old) in desk.keeper.serials()
    assert desk.serial(new) not in desk.keeper.serials()
    assert desk.keeper.wanted()["drop"] == []


def test_an_invited_kiosk_stays_denied_until_it_enrolled(desk: Desk) -> None:
    desk.enrolled("k-001")
    desk.books.end("k-001")
    desk.settle()
    desk.books.invite("k-001")
    desk.settle()
    assert desk.keeper.wanted()["denied"] == ["k-001"]
    desk.start()
    desk.settle()
    assert desk.keeper.wanted()["denied"] == ["k-001"]
    desk.enrolled("k-001")
    desk.settle()
    assert desk.keeper.wanted()["denied"] == []


def test_a_kiosk_invited_for_the_first_time_is_not_denied(desk: Desk) -> None:
    desk.books.invite("k-001")
    desk.settle()
    assert desk.keeper.wanted()["denied"] == []


def test_who_floods_the_office_is_muted_for_a_while(desk: Desk) -> None:
    desk.enrolled("k-001")
    desk.settle()
    with writing(desk.books.engine) as conn:
        mute(conn, {desk.books.id_of("k-001"): NOW + 60_000}, NOW)
    desk.settle()
    assert desk.keeper.wanted()["denied"] == desk.keeper.wanted()["drop"] == ["k-001"]
    desk.now += 60_001
    desk.settle()
    assert desk.keeper.wanted()["denied"] == []


def test_row_37_the_list_is_signed_anew_each_day_even_without_a_database(desk: Desk) -> None:
    desk.settle()
    number = desk.keeper.wanted()["crl_number"]
    desk.step(after_ms=DAY_MS - 1)
    assert desk.keeper.wanted()["crl_number"] == number
    desk.now += 1
    desk.lists.step_without_books(desk.now)
    assert desk.keeper.wanted()["crl_number"] > number
    assert desk.lists.ended.signed_at == desk.now


def test_before_the_books_were_read_nothing_goes_out_without_them(desk: Desk) -> None:
    desk.lists.step_without_books(desk.now)
    assert desk.keeper.wanted() == {}


def test_a_start_remembers_what_ended_and_drops_only_who_was_not_shut(desk: Desk) -> None:
    first, second = desk.enrolled("k-001", "k-002")
    desk.books.end("k-001")
    desk.settle()
    desk.books.end("k-002")
    desk.start()
    desk.step()
    assert desk.keeper.serials() == {PROBE, desk.serial(first), desk.serial(second)}
    assert desk.keeper.wanted()["denied"] == ["k-001", "k-002"]
    assert desk.keeper.wanted()["drop"] == ["k-002"]


def test_a_list_lost_with_its_disk_is_made_again_from_the_books(desk: Desk) -> None:
    (mine,) = desk.enrolled("k-001")
    desk.books.end("k-001")
    desk.settle()
    number = desk.keeper.wanted()["crl_number"]
    (desk.folder / "crl.pem").unlink()
    desk.start()
    desk.now += 1000
    desk.step()
    assert desk.serial(mine) in desk.keeper.serials()
    assert desk.keeper.wanted()["crl_number"] > number
