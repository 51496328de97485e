"""The office's door over real databases: order, duplicates, gaps, nonsense and malice."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event, text

from controller import fleet
from controller.store.engine import writing
from tests.support.office import PROBES, START, Office, Teller, acks, facts_of, rebirths, seen
from wire import topics

if TYPE_CHECKING:
    from wire.messages import Up


def test_every_fact_is_stored_once_whatever_is_sent_again(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    said: list[Up] = [kiosk.birth(), *(kiosk.flip(seen(state="fail")) for _ in range(5))]
    office.take(kiosk, *said[:4])
    office.restart()
    done = office.take(kiosk, *said, *said)
    assert facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, n) for n in range(1, 6)]
    assert [json.loads(one)["upto"] for one in acks(done)] == [5]


def test_a_birth_is_told_up_to_where_all_is_stored(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.flip(seen(state="fail")))
    other = Teller("kiosk-1", epoch="0" * 16)
    assert json.loads(acks(office.take(other, other.birth()))[0])["upto"] == 0
    kiosk.births = 9
    assert json.loads(acks(office.take(kiosk, kiosk.birth()))[0])["upto"] == 1


def test_an_unknown_kiosk_is_counted_and_never_created(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-2")
    done = office.take(kiosk, kiosk.birth(), kiosk.well())
    assert len(done.stored) == 2
    assert office.counters.get("anjungan_unknown_kiosk_total") == 2
    assert office.rows("SELECT name FROM kiosk") == [("kiosk-1",)]
    assert office.rows("SELECT DISTINCT reason FROM dead_letter") == [("unknown_kiosk",)]


def test_a_kiosk_registered_later_is_heard_at_once(sqlite_url: str) -> None:
    office, kiosk = Office(sqlite_url), Teller("kiosk-9")
    office.take(kiosk, kiosk.birth())
    with writing(office.engine) as conn:
        fleet.import_fleet(conn, [], [fleet.NewKiosk("kiosk-9", "32.73.01")], START)
    office.take(kiosk, kiosk.birth())
    assert office.known("kiosk-9").presence.state == "online"


BAD = {
    "empty": b"",
    "too_large": b"{" + b" " * 1_000_000 + b"}",
    "not_utf8": b'{"v":1,"epoch":"\xff"}',
    "too_deep": b'{"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "not_json": b'{"v":1,,}',
    "number": b'{"v":1,"epoch":"00000000000000aa","birth":1,"seq":NaN,"sent":0}',
    "duplicate_key": b'{"v":1,"epoch":"00000000000000aa","birth":1,"seq":1,"seq":9,"sent":0}',
    "wrong_version": b'{"v":2,"epoch":"00000000000000aa","birth":1,"seq":1,"sent":0}',
    "wrong_shape": b'{"v":1}',
}


def test_row_52_nonsense_is_counted_by_reason_and_stops_nobody(database: str) -> None:
    office, kiosk, other = (
        Office(database, "kiosk-1", "kiosk-2"),
        Teller("kiosk-1"),
        Teller("kiosk-2"),
    )
    office.take(kiosk, kiosk.birth())
    office.take(other, other.birth(), other.well())
    before = office.rows("SELECT * FROM latest")
    hostile = [*BAD.values(), b'{"v":1,"epoch":"00000000000000aa","birth":1,"seq":"\\ud800"}',
               b'\xef\xbb\xbf{"v":1}', b'{"seq":' + b"9" * 5000 + b"}",
               b'{"seq":1e999}', b'{"seq":18446744073709551616}']  # fmt: skip
    for payload in hostile:
        assert len(office.raw(topics.up("kiosk-1", "present"), payload).stored) == 1
    for reason in BAD:
        label = f"reason={reason}"
        assert office.counters.get("anjungan_malformed_total", label) >= 1, reason
    assert office.counters.get("anjungan_poisoned_total") == 0
    assert office.rows("SELECT * FROM latest") == before
    assert office.faults("kiosk-1") == {"kiosk.malformed": "clearing"}
    assert office.faults("kiosk-2") == {}
    office.take(kiosk, kiosk.well())
    assert office.known("kiosk-1").latest.keys() == office.known("kiosk-2").latest.keys()


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("anjungan/v1/p99/kiosk-1/up/present", "wrong_partition"),
        ("anjungan/v1/p00/Kiosk-1/up/present", "topic"),
        ("", "topic"),
        (topics.up("kiosk-1", "invented"), "unknown_kind"),
    ],
)
def test_a_topic_that_lies_touches_nobody(database: str, topic: str, reason: str) -> None:
    office = Office(database, "kiosk-1")
    office.raw(topic, b"{}")
    assert office.counters.get("anjungan_malformed_total", f"reason={reason}") == 1
    assert office.known("kiosk-1").thread is None


def test_row_67_hostile_text_is_kept_as_it_is_within_its_length(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    evil = "<script>alert(1)</script>\x1b[31m=cmd()'; DROP TABLE kiosk;--\u202e" + "é" * 200
    office.take(
        kiosk,
        kiosk.birth(agent=evil, boot_id=evil),
        kiosk.flip(seen("screen", "fail", "screen.black", why=evil, facts={"page": evil})),
    )
    known = office.known("kiosk-1")
    assert known.thread is not None
    assert (known.thread.agent, known.latest["screen"].why) == (evil, evil)
    assert known.latest["screen"].facts == {"page": evil}
    assert office.rows("SELECT why FROM fault WHERE code = 'screen.black'") == [(evil,)]


def test_row_67_what_no_database_can_store_is_refused_at_the_door(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth())
    payload = office.letter(kiosk, kiosk.birth(agent="NUL"), late=False).payload
    for bad in (b"\\u0000", b"\\ud800", b"\\udfff"):
        office.raw(topics.up("kiosk-1", "birth"), payload.replace(b"NUL", bad))
    assert office.counters.get("anjungan_poisoned_total") == 0
    assert sum(office.counters.snapshot()["anjungan_malformed_total"].values()) == 3


def test_a_kiosk_whose_sequence_goes_back_is_not_believed(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth(), kiosk.well(), kiosk.present())
    kiosk.seq = 1
    office.take(kiosk, kiosk.reading(seen("screen", "fail", "screen.black")))
    assert office.counters.get("anjungan_outcome_total", "outcome=duplicate") == 1
    assert office.known("kiosk-1").latest["screen"].state == "ok"


@pytest.mark.parametrize("skew", [-START + 5, 74 * 365 * 86_400_000])
def test_clocks_of_1970_and_2099_are_stored_by_the_office_clock(database: str, skew: int) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1", skew=skew)
    office.take(kiosk, kiosk.birth(), kiosk.well())
    assert office.faults("kiosk-1") == {"kiosk.clock_wrong": "open"}
    assert office.rows("SELECT DISTINCT observed_at FROM latest") == [(START,)]


def test_a_message_that_breaks_the_office_is_put_aside_alone(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, kiosk, other = (
        Office(database, "kiosk-1", "kiosk-2"),
        Teller("kiosk-1"),
        Teller("kiosk-2"),
    )
    office.take(kiosk, kiosk.birth())

    def breaks(*_: object) -> None:
        raise ZeroDivisionError("a bug of ours")

    with monkeypatch.context() as broken:
        broken.setattr("controller.readings.figures", breaks)
        office.take(kiosk, kiosk.well())
    office.take(other, other.birth())
    assert office.counters.get("anjungan_poisoned_total") == 1
    assert office.rows("SELECT reason FROM dead_letter") == [("poison",)]
    assert office.known("kiosk-1").latest == {}
    assert list(rebirths(office.take(kiosk, kiosk.present())))  # it will tell us again


def test_what_the_database_refuses_is_found_and_put_aside(database: str) -> None:
    office = Office(database, *(f"kiosk-{n}" for n in range(5)))
    tellers = [Teller(f"kiosk-{n}") for n in range(5)]
    batch = [office.letter(one, one.birth()) for one in tellers]
    office.ingest.take(batch)
    with writing(office.engine) as conn:  # kiosk-3 vanishes from under the office
        for table in ("kiosk_status", "thread", "boot", "verdict", "flip"):
            where = "kiosk_id = (SELECT id FROM kiosk WHERE name = 'kiosk-3')"
            conn.execute(text(f"DELETE FROM {table} WHERE {where}"))
        conn.execute(text("DELETE FROM kiosk WHERE name = 'kiosk-3'"))
    done = office.ingest.take([office.letter(one, one.well()) for one in tellers])
    assert len(done.stored) == 5
    assert office.rows("SELECT reason FROM dead_letter") in (
        [("poison",)], [("unknown_kiosk",)],
    )  # fmt: skip
    for name in ("kiosk-0", "kiosk-1", "kiosk-2", "kiosk-4"):
        assert office.known(name).latest.keys() == set(PROBES)


def test_whoever_lost_a_partition_stores_nothing_of_it(database: str) -> None:
    office, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    office.take(kiosk, kiosk.birth())
    with writing(office.engine) as conn:
        conn.execute(text("UPDATE lease SET holder = 'thief', generation = generation + 1"))
    done = office.take(kiosk, kiosk.well())
    assert done.stored == []
    assert done.lost == {topics.partition_of("kiosk-1")}
    assert office.known("kiosk-1").latest == {}


def test_a_flood_of_unknown_kiosks_and_words_leaves_nothing_that_grows(sqlite_url: str) -> None:
    office = Office(sqlite_url, "kiosk-1")
    for number in range(30):
        tellers = [Teller(f"flood-{number}-{n}") for n in range(100)]
        office.ingest.take([office.letter(one, one.birth()) for one in tellers])
        for n in range(10):
            office.raw(topics.up("kiosk-1", f"kind{number}x{n}"), b"{")
    assert len(office.memory) <= 1
    labels = [label for found in office.counters.snapshot().values() for label in found]
    assert len(labels) < 60
    office.timers.prune()
    assert office.rows("SELECT count(*) FROM dead_letter")[0][0] <= 1000


def test_a_disk_image_put_back_is_said_in_a_dead_letter(sqlite_url: str) -> None:
    office, kiosk = Office(sqlite_url, "kiosk-1"), Teller("kiosk-1")
    kiosk.births = 40
    office.take(kiosk, kiosk.birth())
    kiosk.births = 10
    assert list(rebirths(office.take(kiosk, kiosk.birth(), kiosk.well())))
    assert office.rows("SELECT reason FROM dead_letter") == [("old_memory",)]


def test_row_53_a_flooding_kiosk_is_muted_with_a_fault_and_the_others_are_heard(
    database: str,
) -> None:
    office = Office(database, "kiosk-1", "kiosk-2")
    loud, calm = Teller("kiosk-1"), Teller("kiosk-2")
    office.take(loud, loud.birth())
    said = office.letter(loud, loud.present())
    done = office.ingest.take([said] * 1_100)
    assert len(done.stored) == 1_100  # the broker is to forget them
    assert office.counters.get("anjungan_flooded_total") == 101
    office.take(calm, calm.birth())
    assert office.known("kiosk-2").presence.state == "online"
    assert office.rows("SELECT code FROM fault") == [("kiosk.flooding",)]
    assert office.rows("SELECT kiosk_id FROM muted") == [(office.known("kiosk-1").id,)]


def test_row_42_a_copied_identity_is_quarantined_in_the_transaction_that_proves_it(
    database: str,
) -> None:
    office, ours, copy = Office(database, "kiosk-1"), Teller("kiosk-1"), Teller("kiosk-1")
    with writing(office.engine) as conn:
        conn.execute(
            text("INSERT INTO identity (kiosk_id, state, since, why) VALUES (1,'active',1,'')")
        )
    office.take(ours, ours.birth(boot_id="ours"))
    office.restart()  # what was seen of boots survives the office
    office.take(copy, copy.birth(boot_id="copy"))
    assert office.rows("SELECT state FROM identity") == [("active",)]
    office.take(ours, ours.birth(boot_id="ours"))
    assert office.rows("SELECT state FROM identity") == [("quarantined",)]
    assert ("kiosk.cloned",) in office.rows("SELECT code FROM fault")


def test_a_batch_without_commands_asks_nothing_about_commands(sqlite_url: str) -> None:
    office, kiosk = Office(sqlite_url, "kiosk-1"), Teller("kiosk-1")
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(office.engine, "before_cursor_execute", note)
    office.take(kiosk, kiosk.birth(), kiosk.well(), kiosk.flip(seen(state="fail")))
    assert asked
    assert not [one for one in asked if "command" in one]


def test_who_must_be_told_their_orders(sqlite_url: str) -> None:
    office, kiosk = Office(sqlite_url, "kiosk-1"), Teller("kiosk-1")
    nonce = "a" * 32
    assert office.take(kiosk, kiosk.birth(nonce=nonce)).born == {"kiosk-1"}
    assert office.take(kiosk, kiosk.present()).born == frozenset()
    office.take(kiosk, kiosk.death())
    assert office.take(kiosk, kiosk.present()).born == {"kiosk-1"}  # found again
