"""The desk over real databases, with kiosks that check what they are told."""

from sqlalchemy import text

from controller.commands.desk import SILENT
from controller.commands.orders import Signer
from controller.commands.turns import cancel
from controller.commands.voice import NO_KEY, NO_POLICY, STRANGE_KEY
from controller.store.command_tables import command
from controller.store.engine import writing
from tests.support.office import START
from tests.support.signing import Ceremony
from tests.support.taker import HOUR_MS, heard
from tests.support.town import Town
from wire.messages import NewPolicy, Orders


def test_a_command_is_sent_done_and_answered(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.comes("kiosk-1")
    job = town.bureau.ask("kiosk-1")
    town.looks()
    assert town.bureau.states(job) == ["succeeded"]
    (row,) = town.bureau.rows()
    assert (row.sends, row.percent, row.sent_at, row.accepted_at) == (1, 100, START, START)
    assert town["kiosk-1"].effects == {row.command_id: 1}
    assert town.office.flips("kiosk-1", "command:%") == [("command:noop", "accepted", "succeeded")]
    assert town["kiosk-1"].kept == {}
    assert town.office.counters.get("anjungan_commands_ended_total", "end=succeeded") == 1
    assert town.looks() == 0


def test_every_birth_with_a_nonce_is_told_the_time_even_when_nothing_is_open(database: str) -> None:
    town = Town(database, "kiosk-1", "kiosk-2")
    town.comes("kiosk-1")
    assert [one.open for one in town["kiosk-1"].told] == [()]
    assert town["kiosk-1"].told[0].now == START
    old = town["kiosk-2"]
    done = town.office.take(old, old.birth())
    assert town.office.greet(done).mail == []


def test_a_kiosk_that_is_off_is_told_when_it_comes_and_not_looked_at_before(database: str) -> None:
    town = Town(database, "kiosk-1")
    job = town.bureau.ask("kiosk-1")
    assert town.looks() == 0
    assert town.bureau.rows()[0].due == START + HOUR_MS
    town.passes(HOUR_MS - 1)
    town.comes("kiosk-1")
    assert town.bureau.states(job) == ["succeeded"]


def test_nobody_is_waited_for_longer_than_the_command_lives(database: str) -> None:
    town = Town(database, "kiosk-1")
    job = town.bureau.ask("kiosk-1")
    town.looks()
    town.passes(HOUR_MS)
    town.looks()
    assert town.bureau.states(job) == ["overdue"]
    town.comes("kiosk-1")
    assert town["kiosk-1"].effects == {}


def test_what_is_not_answered_is_said_again_with_growing_pauses(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.comes("kiosk-1")
    town.bureau.ask("kiosk-1")
    said = []
    for second in range(240):
        if town.looks(lost=True):
            said.append(second)
        town.passes(1000)
    assert said == [0, 15, 45, 105, 225]
    assert town.bureau.states() == ["sent"]
    town.passes(300_000)
    town.looks()
    assert town.bureau.states() == ["succeeded"]


def test_what_runs_and_is_silent_is_asked_once_more_and_then_given_up(database: str) -> None:
    town = Town(database, "kiosk-1")
    town["kiosk-1"].slow = True
    town.comes("kiosk-1")
    job = town.bureau.ask("kiosk-1", kind="screenshot")
    town.looks()
    assert town.bureau.states(job) == ["accepted"]
    town.passes(150_000)
    assert town.looks(lost=True) == 1
    town.passes(15_000)
    assert town.looks(lost=True) == 0
    assert town.bureau.states(job) == ["silent"]
    town.hears("kiosk-1", town["kiosk-1"].finish())  # the kiosk knows better
    assert town.bureau.states(job) == ["succeeded"]


def test_a_sign_of_life_keeps_it_from_being_given_up(database: str) -> None:
    town = Town(database, "kiosk-1")
    town["kiosk-1"].slow = True
    town.comes("kiosk-1")
    job = town.bureau.ask("kiosk-1", kind="screenshot")
    for _ in range(5):
        town.looks()
        town.passes(150_000)
    assert town.bureau.states(job) == ["running"]
    assert max(town["kiosk-1"].effects.values()) == 1


def test_a_wave_that_is_not_open_waits_without_being_looked_at_again(database: str) -> None:
    town = Town(database, "kiosk-1", "kiosk-2")
    town.comes("kiosk-1", "kiosk-2")
    town.bureau.ask("kiosk-1", "kiosk-2", waves={"kiosk-2": 2})
    town.looks()
    assert town.bureau.states() == ["succeeded", "queued"]
    assert town.bureau.rows()[1].due == START + HOUR_MS
    with writing(town.office.engine) as conn:  # whoever opens it may forget to say so
        conn.execute(text("UPDATE job SET wave = 2"))
    town.passes(15_000)
    town.looks()
    assert town.bureau.states() == ["succeeded", "succeeded"]


def test_a_job_that_is_paused_sends_nothing_more(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.comes("kiosk-1")
    town.bureau.ask("kiosk-1", state="paused")
    assert town.looks() == 0
    with writing(town.office.engine) as conn:
        conn.execute(text("UPDATE job SET state = 'running'"))
        conn.execute(text(f"UPDATE command SET due = {town.office.now}"))
    town.looks()
    assert town.bureau.states() == ["succeeded"]


def test_nothing_begins_before_its_signed_moment(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.bureau.ask("kiosk-1", after=START + 5_000)
    town.comes("kiosk-1")
    assert town["kiosk-1"].told[-1].open == ()
    town.looks()
    assert town.bureau.states() == ["queued"]
    town.passes(5_000)
    town.looks()
    assert town.bureau.states() == ["succeeded"]


def test_a_later_click_does_not_spoil_an_earlier_plan(database: str) -> None:
    """The kiosk refuses numbers below what it has taken: the plan is numbered anew."""
    town = Town(database, "kiosk-1")
    town.comes("kiosk-1")
    town.bureau.ask("kiosk-1", after=START + 60_000)
    town.bureau.ask("kiosk-1")
    town.looks()
    assert town.bureau.states() == ["queued", "succeeded"]
    town.passes(60_000)
    town.looks()
    assert town.bureau.states() == ["succeeded", "succeeded"]
    assert town["kiosk-1"].effects.total() == 2


def test_more_than_fits_has_its_turn_when_there_is_room(database: str) -> None:
    town = Town(database, "kiosk-1")
    town["kiosk-1"].slow = True
    town.comes("kiosk-1")
    for _ in range(11):
        town.bureau.ask("kiosk-1")
    town.looks()
    assert town.bureau.states().count("accepted") == 8
    assert town.bureau.states().count("queued") == 3
    town.hears("kiosk-1", town["kiosk-1"].finish())
    assert town.bureau.states().count("accepted") == 3
    assert all(len(one.open) <= 8 for one in town["kiosk-1"].told)


def test_large_orders_share_the_messages(database: str) -> None:
    town = Town(database, "kiosk-1")
    town["kiosk-1"].slow = True
    town.comes("kiosk-1")
    for _ in range(8):
        town.bureau.ask("kiosk-1", kind="maintenance", args={"on": True, "why": '"' * 115})
    for _ in range(8):
        town.looks()
        town.hears("kiosk-1", town["kiosk-1"].finish())
    assert town.bureau.states() == ["succeeded"] * 8


def test_a_cancel_reaches_what_was_never_sent_and_what_runs(database: str) -> None:
    town = Town(database, "kiosk-1", "kiosk-2")
    town["kiosk-1"].slow = True
    town.comes("kiosk-1")
    running = town.bureau.ask("kiosk-1", "kiosk-2")
    town.looks()
    with writing(town.office.engine) as conn:
        assert cancel(conn, command.c.job_id == running, "budi", START + 1) == (1, 1)
    town.passes(1)
    town.looks()
    assert town.bureau.states() == ["cancelled", "cancelled"]
    assert [row.cancel_by for row in town.bureau.rows()] == ["budi", "budi"]


def test_a_cancel_that_is_lost_is_said_again(database: str) -> None:
    town = Town(database, "kiosk-1")
    town["kiosk-1"].slow = True
    town.comes("kiosk-1")
    job = town.bureau.ask("kiosk-1", kind="reboot")
    town.looks()
    with writing(town.office.engine) as conn:
        cancel(conn, command.c.job_id == job, "budi", START + 1)
    town.passes(1)
    assert town.looks(lost=True) == 1
    town.comes("kiosk-1")
    assert town.bureau.states() == ["cancelled"]


def test_without_a_key_nothing_is_sent_and_it_is_said_once(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.office.signer = None
    town.office.restart()
    town.bureau.ask("kiosk-1")
    town.comes("kiosk-1")
    town.looks()
    town.looks()
    assert town["kiosk-1"].told == []
    assert town.office.said == [f"{SILENT}: {NO_KEY}"]
    town.passes(HOUR_MS)
    town.looks()
    assert town.bureau.states() == ["overdue"]


def test_a_key_that_no_policy_knows_is_not_used(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.office.signer = Signer(Ceremony().office)
    town.office.restart()
    town.comes("kiosk-1")
    assert town["kiosk-1"].told == []
    assert town.office.said == [f"{SILENT}: {STRANGE_KEY}"]
    with writing(town.office.engine) as conn:
        conn.execute(text("DELETE FROM policy"))
    town.office.restart()
    town.comes("kiosk-1")
    assert town.office.said == [f"{SILENT}: {why}" for why in (STRANGE_KEY, NO_POLICY)]


def test_a_kiosk_has_the_newer_policies_before_its_orders_one_after_the_other(
    database: str,
) -> None:
    town = Town(database, "kiosk-1")
    for version in (2, 3):
        town.bureau.put(town.keys.policy(version))
    town.bureau.ask("kiosk-1")
    town.comes("kiosk-1")
    assert town["kiosk-1"].policy.version == 3
    town.passes(2_000)
    town.looks()
    assert town.bureau.states() == ["succeeded"]
    assert [len(one.open) for one in town["kiosk-1"].told] == [0, 1]


def test_a_policy_stored_later_reaches_those_who_are_here(database: str) -> None:
    town = Town(database, "kiosk-1", "kiosk-2")
    town.comes("kiosk-1", "kiosk-2")
    town.bureau.put(town.keys.policy(2))
    mail = town.office.desk.tick(town.office.leases.held).mail
    assert [type(heard(one.topic, one.payload)) for one in mail] == [NewPolicy, NewPolicy]
    assert town.office.desk.tick(town.office.leases.held).mail == []


def test_a_kiosk_that_refuses_a_policy_is_asked_all_the_same_after_a_while(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.bureau.ask("kiosk-1")
    town.bureau.put(town.keys.policy(2))
    kiosk = town["kiosk-1"]
    done = town.office.take(kiosk, *kiosk.born())
    mail = town.office.greet(done).mail
    assert [type(heard(one.topic, one.payload)) for one in mail] == [NewPolicy, Orders]
    orders = heard(mail[1].topic, mail[1].payload)
    assert isinstance(orders, Orders)
    assert '"open":[]' in orders.signed
    for _ in range(40):
        town.passes(1_000)
        town.looks()
    assert town.bureau.states() == ["succeeded"]


def test_whoever_lost_the_lease_sends_nothing(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.comes("kiosk-1")
    town.bureau.ask("kiosk-1")
    with writing(town.office.engine) as conn:
        conn.execute(text("UPDATE lease SET holder = 'thief', generation = generation + 1"))
    said = town.office.look()
    assert said.mail == []
    assert len(said.lost) == 16
    assert town.bureau.states() == ["queued"]


def test_a_crash_between_the_commit_and_the_broker_heals(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.comes("kiosk-1")
    town.bureau.ask("kiosk-1")
    town.looks(lost=True)
    assert town.bureau.states() == ["sent"]
    town.office.restart()
    town.passes(15_000)
    town.looks()
    assert town.bureau.states() == ["succeeded"]


def test_books_put_back_are_answered_from_the_kiosks_ledger(database: str) -> None:
    town = Town(database, "kiosk-1")
    town.comes("kiosk-1")
    first, second = town.bureau.ask("kiosk-1"), town.bureau.ask("kiosk-1")
    town.looks()
    with writing(town.office.engine) as conn:
        put_back = "sent_at = NULL, sends = 0, accepted_at = NULL, ended_at = NULL, due = after"
        conn.execute(text(f"UPDATE command SET state = 'queued', {put_back}"))
        conn.execute(text("DELETE FROM flip WHERE fact IS NOT NULL"))
        conn.execute(text("UPDATE thread SET fact_upto = 0"))
    town.office.restart()
    town.comes("kiosk-1")
    assert town.bureau.states(first) == town.bureau.states(second) == ["succeeded"]
    assert set(town["kiosk-1"].effects.values()) == {1}


def test_one_kiosk_whose_books_are_broken_stops_nobody(database: str) -> None:
    town = Town(database, "kiosk-1", "kiosk-2", "kiosk-3")
    town.comes("kiosk-1", "kiosk-2", "kiosk-3")
    broken = town.bureau.ask("kiosk-1", "kiosk-3")
    town.bureau.ask("kiosk-2")
    with writing(town.office.engine) as conn:
        conn.execute(text(f"UPDATE job SET order_text = '' WHERE id = {broken}"))
    town.looks()
    assert town.bureau.states() == ["queued", "queued", "succeeded"]
    assert town.looks() == 0
    assert len(town.office.said) == 2


def test_a_thousand_kiosks_are_served_in_slices(sqlite_url: str) -> None:
    names = [f"kiosk-{n:04d}" for n in range(1200)]
    town = Town(sqlite_url, *names)
    births = [town.office.letter(town[name], town[name].born()[0]) for name in names]
    for start in range(0, 1200, 400):
        town.office.greet(town.office.ingest.take(births[start : start + 400]))
    job = town.bureau.ask(*names)
    sizes, more = [], True
    while more:
        said = town.office.look()
        sizes.append(len(said.mail))
        answers = [(out.topic.split("/")[3], town.bring([out])) for out in said.mail]
        batch = [town.office.letter(town[n], one) for n, words in answers for one in words]
        town.office.ingest.take(batch)
        more = said.more
    assert sizes == [500, 500, 200]
    assert set(town.bureau.states(job)) == {"succeeded"}


def test_only_indexes_are_read_to_find_what_is_due(sqlite_url: str) -> None:
    town = Town(sqlite_url, "kiosk-1")
    with town.office.engine.connect() as conn:
        ripe = "ripe.state IN ('queued', 'sent', 'accepted', 'running')"
        query = (
            f"SELECT kiosk_id FROM command ripe WHERE partition IN (1, 2) AND due < 5 AND {ripe}"
        )
        plan = conn.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()
    assert "command_due" in str(plan)


def test_a_batch_is_what_the_protocol_says(sqlite_url: str) -> None:
    town = Town(sqlite_url, "kiosk-1")
    town.comes("kiosk-1")
    batch = town["kiosk-1"].told[0]
    assert (batch.fleet, batch.kiosk, batch.nonce) == (
        "kota-bandung", "kiosk-1", town["kiosk-1"].nonce,
    )  # fmt: skip
