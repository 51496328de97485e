"""Words of kiosks stored by the batch: believed, refused, and each fact counted once."""

from sqlalchemy import text

from controller.changes import Watch
from controller.commands import heard
from controller.store.engine import writing
from tests.support.office import Office, facts_of
from tests.support.taker import Bureau, Taker


def _told(url: str, *names: str) -> tuple[Office, Bureau, list[Taker]]:
    office = Office(url, *names)
    bureau = Bureau(office.engine)
    takers = [Taker(name, bureau.policy) for name in names]
    for one in takers:
        office.take(one, *one.born())
    return office, bureau, takers


def test_nothing_is_asked_when_nobody_spoke_of_commands(sqlite_url: str) -> None:
    office = Office(sqlite_url)
    with office.engine.connect() as conn:
        conn.close()
        assert heard.store(conn, [], 5).news == []


def test_a_batch_of_progress_and_end_is_one_turn_and_one_piece_of_news(database: str) -> None:
    office, bureau, (kiosk,) = _told(database, "kiosk-1")
    bureau.ask("kiosk-1", kind="reboot")
    name = bureau.rows()[0].command_id
    watch = Watch(office.engine)
    office.take(kiosk, kiosk.progress(name, 5), kiosk.progress(name, 50), kiosk.result(name))
    (row,) = bureau.rows()
    assert (row.state, row.percent, row.accepted_at) == ("succeeded", 100, office.now)
    told = [(one.topic, one.detail) for one in watch.poll() if one.topic in ("command", "job")]
    assert told == [("command", name), ("job", str(row.job_id))]
    assert office.flips("kiosk-1", "command:%") == [("command:reboot", "running", "succeeded")]


def test_a_result_is_a_fact_and_is_stored_once_whatever_is_sent_again(database: str) -> None:
    office, bureau, (kiosk,) = _told(database, "kiosk-1")
    bureau.ask("kiosk-1")
    name = bureau.rows()[0].command_id
    said = [kiosk.result(name), kiosk.result(name)]
    office.take(kiosk, said[1])  # the first was lost: go back
    assert facts_of(office.engine, "kiosk-1") == []
    office.take(kiosk, *kiosk.again())
    office.take(kiosk, *kiosk.again(), *kiosk.again())
    assert facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, 1), (kiosk.epoch, 2)]
    assert bureau.states() == ["succeeded"]


def test_row_33_a_kiosk_ends_no_command_of_another(database: str) -> None:
    office, bureau, (one, other) = _told(database, "kiosk-1", "kiosk-2")
    bureau.ask("kiosk-1")
    name = bureau.rows()[0].command_id
    done = office.take(other, other.result(name))
    assert len(done.stored) == 1
    assert bureau.states() == ["queued"]
    assert facts_of(office.engine, "kiosk-2") == [(other.epoch, 1)]
    assert office.rows("SELECT reason FROM dead_letter") == [("not_its_command",)]
    office.take(one, one.result(name))
    assert bureau.states() == ["succeeded"]


def test_a_command_nobody_knows_is_acknowledged_and_put_aside(database: str) -> None:
    office, bureau, (kiosk, other) = _told(database, "kiosk-1", "kiosk-2")
    bureau.ask("kiosk-2")
    name = bureau.rows()[0].command_id
    batch = [
        office.letter(kiosk, kiosk.result("f" * 32)),
        office.letter(kiosk, kiosk.progress("f" * 32, 1)),
        office.letter(other, other.result(name)),
    ]
    assert len(office.ingest.take(batch).stored) == 3
    assert facts_of(office.engine, "kiosk-1") == [(kiosk.epoch, 1)]
    assert office.rows("SELECT reason FROM dead_letter") == [("unknown_command",)]
    assert office.flips("kiosk-1", "command:%") == [("command:unknown", "unknown", "succeeded")]
    assert bureau.states() == ["succeeded"]
    label = "reason=unknown_command"
    assert office.counters.get("anjungan_command_refused_total", label) == 2


def test_a_second_different_end_is_put_aside(database: str) -> None:
    office, bureau, (kiosk,) = _told(database, "kiosk-1")
    bureau.ask("kiosk-1")
    name = bureau.rows()[0].command_id
    office.take(kiosk, kiosk.result(name), kiosk.result(name, "failed"))
    assert bureau.states() == ["succeeded"]
    assert office.rows("SELECT reason FROM dead_letter") == [("second_end",)]
    assert len(facts_of(office.engine, "kiosk-1")) == 2


def test_late_truth_puts_a_guess_right(database: str) -> None:
    office, bureau, (kiosk,) = _told(database, "kiosk-1")
    for guess in ("overdue", "silent"):
        bureau.ask("kiosk-1")
        row = bureau.rows()[-1]
        with writing(office.engine) as conn:
            conn.execute(text(f"UPDATE command SET state = '{guess}' WHERE id = {row.id}"))
        office.take(kiosk, kiosk.result(row.command_id))
    assert bureau.states() == ["succeeded", "succeeded"]


def test_hundreds_of_answers_are_one_batch(database: str) -> None:
    names = [f"kiosk-{n:03d}" for n in range(450)]
    office, bureau, takers = _told(database, *names)
    bureau.ask(*names)
    rows = {row.kiosk_id: row.command_id for row in bureau.rows()}
    batch = [office.letter(one, one.result(rows[office.known(one.name).id])) for one in takers[:9]]
    known = [office.memory.get(name) for name in names[9:]]
    batch += [
        office.letter(one, one.result(rows[k.id]))
        for one, k in zip(takers[9:], known, strict=True)
        if k is not None
    ]
    assert len(office.ingest.take(batch).stored) == 450
    assert set(bureau.states()) == {"succeeded"}
