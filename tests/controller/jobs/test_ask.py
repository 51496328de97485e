"""Asking: the job and every command in one transaction, once a click, numbers that only grow."""

from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest
from sqlalchemy import Engine, func, select, update

from controller.jobs.asked import Asked
from controller.jobs.plan import Plan
from controller.jobs.refused import Lacks, Refused
from controller.store.command_tables import command
from controller.store.engine import writing
from controller.store.tables import change, thread
from tests.support.jobs import BANDUNG, JobDesk
from tests.support.signing import verify
from wire.envelope import Envelope, Order, Tree, is_of, parse
from wire.policy import permit

TOKEN = "0123456789abcdef" * 2


def test_a_routine_job_runs_at_once(desk: JobDesk) -> None:
    job = desk.job(desk.ask(desk.wish("reload_page", why="")))
    assert (job.state, job.wave, job.approvals, job.asked_by) == ("running", 1, 0, "siti")
    (row,) = desk.commands(job.id)
    assert (row.state, row.wave, row.after, row.due) == ("queued", 1, desk.now, desk.now)
    assert (row.number, row.expires) == (desk.now, job.expires)


def test_the_order_holds_every_kiosk_at_its_moment(desk: JobDesk) -> None:
    wish = desk.wish("noop", *desk.names()[:10], plan=Plan(waves=("2", "100%"), rate_per_min=60))
    job = desk.job(desk.ask(wish))
    order, rows = parse(job.order_text, Order), desk.commands(job.id)
    tree = Tree({row.name: row.after for row in rows})
    assert all(is_of(order.kiosks, row.name, row.after, tree.proof(row.name)) for row in rows)
    assert [row.wave for row in rows] == [1] * 2 + [2] * 8
    assert (order.count, order.issued, order.expires) == (10, desk.now, job.expires)
    told = Envelope(command=rows[0].command_id, number=1, order=job.order_text,
                    after=rows[0].after, proof=tree.proof(rows[0].name))  # fmt: skip
    policy = desk.ceremony.policy()
    assert permit(policy, told, rows[0].name, None, verify) == order


def test_a_click_said_twice_is_one_job(desk: JobDesk) -> None:
    wish = desk.wish(token=TOKEN)
    first = desk.ask(wish)
    desk.now += 5_000
    assert desk.ask(wish) == first
    assert (desk.jobs(), desk.job(first).order_id) == (1, TOKEN)
    assert len(desk.log("command.ask")) == 1
    with pytest.raises(Refused, match="used for something else"):
        desk.ask(wish, who="budi")
    with pytest.raises(Refused, match="32 characters"):
        desk.ask(desk.wish(token="x"))


def test_numbers_grow_whatever_the_clock_says(desk: JobDesk) -> None:
    one = desk.names()[0]
    with writing(desk.engine) as conn:
        conn.execute(update(thread).values(number=desk.now + 500))
    numbers = [desk.commands(desk.ask(desk.wish("noop", one)))[0].number for _ in range(2)]
    desk.now -= 60_000
    numbers.append(desk.commands(desk.ask(desk.wish("noop", one)))[0].number)
    start = numbers[0]
    assert numbers == [start, start + 1, start + 2]
    assert start in (desk.now + 60_000, desk.now + 60_501)


def test_who_is_there_goes_first(desk: JobDesk) -> None:
    names = desk.names()[:10]
    rows = desk.commands(desk.ask(desk.wish("noop", *names)))
    desk.presence(rows[:8], "offline")
    again = desk.commands(desk.ask(desk.wish("noop", *names, plan=Plan(waves=("2", "100%")))))
    assert {row.name for row in again[:2]} == {row.name for row in rows[8:]}


def test_what_needs_people_waits_for_them(desk: JobDesk) -> None:
    job = desk.job(desk.ask(desk.wish("wipe", desk.names()[0])))
    assert (job.state, job.wave, job.approvals) == ("waiting", 0, 2)
    assert job.not_before == desk.now + 900_000


def test_problems_are_refused_and_leave_nothing(desk: JobDesk) -> None:
    desk.people["tono"] = desk.person("tono", ("technician", ""))
    with pytest.raises(Lacks):
        desk.ask(desk.wish(asked=Asked(query="all=yes")), who="tono")
    with pytest.raises(Refused, match="needs a reason"):
        desk.ask(desk.wish("clear_queue", why=""))
    with pytest.raises(Refused, match="no kiosk of yours"):
        desk.ask(desk.wish(asked=Asked(query="q=nowhere")))
    assert desk.jobs() == 0


def test_without_a_policy_nobody_commands(office_engine: Engine) -> None:
    desk = JobDesk(office_engine, policy=False)
    with pytest.raises(Refused) as refused:
        desk.ask(desk.wish("noop", "k-000000"))
    assert refused.value.code == "no_policy"


def test_asking_is_told_and_written_down_in_its_district(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("noop", *desk.names(BANDUNG)[:3], why="hang"))
    (row,) = desk.log("command.ask")
    assert (row.who, row.subject, row.detail["kiosks"]) == ("siti", f"job {job_id}", 3)
    assert row.district.startswith(BANDUNG)
    with desk.reading() as conn:
        told = conn.execute(select(change.c.topic, change.c.detail)).all()
    assert ("job", str(job_id)) in told
    assert sum(one.topic == "command" for one in told) == 3


def test_10000_kiosks_are_asked_in_two_seconds(office_engine: Engine) -> None:
    desk = JobDesk(office_engine, 10_000, sites=60)
    policy = desk.ceremony.policy(2, fleet_wide=20_000)
    desk.put_in_force(desk.ceremony.signed_policy(policy))
    wish = desk.wish(asked=Asked(query="all=yes"), plan=Plan(waves=("5%", "100%"), jitter_s=30))
    began = perf_counter()
    job_id = desk.ask(wish)
    took = perf_counter() - began
    with desk.reading() as conn:
        stored = conn.scalar(select(func.count()).where(command.c.job_id == job_id))
    assert stored == 10_000
    assert took < 8, took  # 2 s on a machine of its own


def test_clicks_at_the_same_moment_are_one_job_and_no_number_comes_twice(desk: JobDesk) -> None:
    twice, one = desk.wish(token=TOKEN), desk.names()[0]
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(desk.ask, [twice] * 4))) == 1
        jobs = list(pool.map(desk.ask, [desk.wish("noop", one) for _ in range(4)]))
    numbers = [row.number for job_id in jobs for row in desk.commands(job_id)]
    assert len(set(numbers)) == 4


def test_a_filter_that_finds_more_than_its_asker_has_seen_is_refused(desk: JobDesk) -> None:
    wish = desk.wish(asked=Asked(query="presence=online"))
    desk.presence(desk.commands(desk.ask(desk.wish("noop", *desk.names()[:30]))), "offline")
    everybody = wish._replace(asked=Asked(query="all=yes"), at_most=10)
    with pytest.raises(Refused, match="40 kiosks by now") as refused:
        desk.ask(everybody)
    assert refused.value.code == "grown"
    assert desk.job(desk.ask(wish._replace(at_most=10))).count == 10
    assert desk.job(desk.ask(wish._replace(at_most=11))).count == 10
