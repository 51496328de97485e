"""What kiosks say of releases, stored by the batch: believed, refused, each fact counted once."""

from sqlalchemy import text

from controller.changes import Watch
from controller.rollouts import heard
from controller.rollouts.tell import LATER_MS
from controller.store.engine import writing
from tests.support.office import START, Office, facts_of
from tests.support.taker import Bureau
from tests.support.wisher import Registry, Wisher


def _told(url: str, *names: str) -> tuple[Office, Registry, list[Wisher]]:
    office = Office(url, *names)
    policy = Bureau(office.engine).policy
    return office, Registry(office.engine), [Wisher(name, policy) for name in names]


def test_nothing_is_asked_when_nobody_spoke_of_releases(sqlite_url: str) -> None:
    office = Office(sqlite_url)
    with office.engine.connect() as conn:
        conn.close()
        assert heard.store(conn, [], 5).news == []


def test_a_birth_says_what_is_in_use_and_what_is_no_more(database: str) -> None:
    office, registry, (kiosk,) = _told(database, "kiosk-1")
    kiosk.in_use = {"layanan": 6, "video": 2}
    office.take(kiosk, *kiosk.born())
    assert [(row.bundle, row.seq) for row in registry.reported()] == [("layanan", 6), ("video", 2)]
    registry.wish("kiosk-1", seq=6)
    kiosk.in_use = {}
    office.take(kiosk, *kiosk.born())
    # What nobody desires there is forgotten: a liar could fill the books with names.
    assert [(row.bundle, row.seq) for row in registry.reported()] == [("layanan", 0)]


def test_a_birth_that_says_nonsense_is_a_birth_all_the_same(database: str) -> None:
    office, registry, (kiosk,) = _told(database, "kiosk-1")
    kiosk.in_use = {"no_bundle": 6, "layanan": 2**40, "video": 1}
    office.take(kiosk, *kiosk.born())
    assert [(row.bundle, row.seq) for row in registry.reported()] == [("video", 1)]
    assert office.known("kiosk-1").presence.state == "online"


def test_who_comes_with_something_else_is_due_in_the_same_transaction(database: str) -> None:
    office, registry, (one, other) = _told(database, "kiosk-1", "kiosk-2")
    registry.wish("kiosk-1", "kiosk-2", seq=7)
    registry.put_back(due=None)
    other.in_use = {"layanan": 7}
    office.take(one, *one.born())
    office.take(other, *other.born())
    assert [row.due for row in registry.desired()] == [START, None]


def test_progress_and_end_are_one_row_and_one_fact(database: str) -> None:
    office, registry, (kiosk,) = _told(database, "kiosk-1")
    made = registry.roll("kiosk-1", seq=7, before=6)
    (want,) = registry.desired()
    watch = Watch(office.engine)
    office.take(kiosk, *kiosk.born())
    office.take(kiosk, kiosk.fetching(want, done=3, total=9))
    (row,) = registry.reported()
    assert (row.state, row.done, row.total, row.wanted_seq) == ("downloading", 3, 9, 7)
    assert registry.desired()[0].due == START + LATER_MS
    (share,) = registry.shares(made)
    assert (share.state, share.seen_at) == ("wanted", START)
    office.now += 5
    office.take(kiosk, kiosk.install("layanan", 7, facts={"line": 400}))
    (row,) = registry.reported()
    assert (row.seq, row.state, row.facts, row.at) == (7, "installed", {"line": 400}, START + 5)
    assert registry.desired()[0].due is None
    (share,) = registry.shares(made)
    assert (share.state, share.settled_at) == ("installed", START + 5)
    told = {(one.topic, one.detail) for one in watch.poll()}
    assert {("install", "layanan"), ("rollout", str(made))} <= told
    assert office.flips("kiosk-1", "install:%") == [
        ("install:layanan-7", "downloading", "installed")
    ]
    assert facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, 1)]
    assert office.counters.get("anjungan_installs_total", "end=installed") == 1


def test_an_install_is_stored_once_whatever_is_sent_again(database: str) -> None:
    office, registry, (kiosk,) = _told(database, "kiosk-1")
    made = registry.roll("kiosk-1", seq=7)
    office.take(kiosk, *kiosk.born())
    first = kiosk.install("layanan", 7, "failed", now=0, code="disk_full", why="no space")
    second = kiosk.install("layanan", 7)
    office.take(kiosk, second)  # the first was lost: go back
    assert facts_of(office.engine, "kiosk-1") == []
    office.take(kiosk, *kiosk.again())
    office.take(kiosk, *kiosk.again(), *kiosk.again())
    assert facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, 1), (kiosk.epoch, 2)]
    (share,) = registry.shares(made)  # an end is an end: people ask again, or nobody does
    assert (share.state, share.code, share.why) == ("failed", "disk_full", "no space")
    assert first.fact == 1


def test_the_end_of_another_attempt_or_release_moves_no_share(database: str) -> None:
    office, registry, (kiosk,) = _told(database, "kiosk-1")
    made = registry.roll("kiosk-1", seq=7)
    registry.put_back(attempt=2)
    office.take(kiosk, *kiosk.born())
    office.take(kiosk, kiosk.install("layanan", 7), kiosk.install("layanan", 6, attempt=2))
    assert registry.shares(made)[0].state == "wanted"
    assert registry.desired()[0].due == START
    assert registry.reported()[0].seq == 6
    office.take(kiosk, kiosk.install("layanan", 7, attempt=2))
    assert registry.shares(made)[0].state == "installed"


def test_who_was_told_to_go_back_settles_no_share_by_having_the_old_one(database: str) -> None:
    office, registry, (kiosk,) = _told(database, "kiosk-1")
    made = registry.roll("kiosk-1", seq=7, before=6)
    office.take(kiosk, *kiosk.born())
    with writing(office.engine) as conn:
        conn.execute(text("UPDATE share SET back = true"))
    registry.put_back(seq=6)
    office.take(kiosk, kiosk.install("layanan", 6))
    assert registry.shares(made)[0].state == "wanted"
    assert registry.desired()[0].due is None


def test_installed_by_a_kiosk_that_has_another_in_use_is_not_the_end(database: str) -> None:
    office, registry, (kiosk,) = _told(database, "kiosk-1")
    registry.wish("kiosk-1", seq=7)
    office.take(kiosk, *kiosk.born())
    office.take(kiosk, kiosk.install("layanan", 7, now=3))
    assert registry.desired()[0].due == START


def test_what_is_refused_is_acknowledged_and_put_aside(database: str) -> None:
    office, registry, (kiosk, other) = _told(database, "kiosk-1", "kiosk-2")
    office.take(kiosk, *kiosk.born())
    office.take(other, *other.born())
    batch = [
        office.letter(kiosk, kiosk.install("no_bundle", 1)),
        office.letter(kiosk, kiosk.install("layanan", 2**40)),
        office.letter(other, other.install("layanan", 3)),
    ]
    assert len(office.ingest.take(batch).stored) == 3
    assert office.rows("SELECT reason FROM dead_letter") == [("no_bundle",), ("no_release",)]
    assert facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, 1), (kiosk.epoch, 2)]
    assert [(row.seq, row.state) for row in registry.reported()] == [(3, "installed")]
    assert office.flips("kiosk-1", "install%")[0] == ("install", "unknown", "installed")


def test_hundreds_of_births_and_ends_are_one_batch(database: str) -> None:
    names = [f"kiosk-{n:03d}" for n in range(450)]
    office, registry, kiosks = _told(database, *names)
    made = registry.roll(*names, seq=7)
    said = [office.letter(k, one) for k in kiosks for one in k.born()]
    assert len(office.ingest.take(said).stored) == 450
    ends = [office.letter(k, k.install("layanan", 7)) for k in kiosks]
    assert len(office.ingest.take(ends).stored) == 450
    assert {row.state for row in registry.shares(made)} == {"installed"}
    assert {row.due for row in registry.desired()} == {None}
