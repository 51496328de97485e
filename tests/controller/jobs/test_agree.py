"""Agreeing: different people, keys of their own, signatures that hold, a cool-off; and refusing."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from controller.jobs import agree, keys
from controller.jobs.refused import Lacks, Refused
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import Outside
from controller.store.engine import writing
from tests.support.jobs import BANDUNG, JobDesk
from tests.support.signing import id_of, public_of
from wire.envelope import raw, text_of
from wire.policy import Key

DAY_S = 86_400


def wipe(desk: JobDesk) -> int:
    return desk.ask(desk.wish("wipe", desk.names()[0]))


def refusal(desk: JobDesk, job_id: int, who: str, **wrong: Any) -> str:
    with pytest.raises(Refused) as refused:
        desk.agree(job_id, who, **wrong)
    return refused.value.code


def test_two_people_make_a_destructive_job_ready(desk: JobDesk) -> None:
    job_id = wipe(desk)
    first = desk.agree(job_id, "budi")
    assert (first.first, first.given, first.needed, first.state) == (True, 1, 2, "waiting")
    desk.now += 60_000
    second = desk.agree(job_id, "siti")  # who asked may agree, and counts once
    assert (second.given, second.state) == (2, "ready")
    assert second.not_before == desk.now + 900_000
    assert [row.who for row in desk.log("command.agree")] == ["budi", "siti"]


def test_row_50_one_person_twice_is_one(desk: JobDesk) -> None:
    job_id = wipe(desk)
    desk.agree(job_id, "budi")
    again = desk.agree(job_id, "budi", at=desk.now + 1)
    assert (again.first, again.given, again.state) == (False, 1, "waiting")
    assert len(desk.log("command.agree")) == 1


def test_row_50_two_keys_of_one_person_are_one(desk: JobDesk) -> None:
    second = Ed25519PrivateKey.generate()
    policy = desk.ceremony.policy()
    more = Key(public=text_of(public_of(second)), who="budi", use="person")
    desk.put_in_force(
        desk.ceremony.signed_policy(desk.ceremony.policy(2, keys=(*policy.keys, more)))
    )
    with writing(desk.engine) as conn:
        keys.add(conn, desk.people["budi"], more.public, "komputer", desk.now)
    job_id = wipe(desk)
    desk.agree(job_id, "budi")
    desk.ceremony.people["budi"] = second
    assert desk.agree(job_id, "budi").state == "waiting"


def test_row_50_the_key_of_somebody_else_counts_for_nobody(desk: JobDesk) -> None:
    job_id = wipe(desk)
    theirs = id_of(desk.ceremony.people["rini"])
    assert refusal(desk, job_id, "budi", key_of="rini") == "key"
    assert refusal(desk, job_id, "budi", key_id=theirs) == "key"
    assert desk.job(job_id).state == "waiting"


def test_row_50_a_key_that_no_ceremony_put_in_force_counts_for_nobody(desk: JobDesk) -> None:
    job_id, new = wipe(desk), Ed25519PrivateKey.generate()
    with writing(desk.engine) as conn:
        keys.add(conn, desk.people["budi"], text_of(public_of(new)), "baru", desk.now)
    desk.ceremony.people["budi"] = new
    assert refusal(desk, job_id, "budi") == "key"


def test_a_key_that_was_ended_counts_no_more(desk: JobDesk) -> None:
    job_id = wipe(desk)
    with writing(desk.engine) as conn:
        keys.end(conn, desk.people["budi"], id_of(desk.ceremony.people["budi"]), desk.now)
    assert refusal(desk, job_id, "budi") == "key"


def test_row_45_a_signature_of_something_else_does_not_hold(desk: JobDesk) -> None:
    job_id, other = wipe(desk), wipe(desk)
    assert refusal(desk, job_id, "budi", order=desk.job(other).order_text) == "signature"
    assert refusal(desk, job_id, "budi", signature="A" * 86 + "==") == "signature"
    assert refusal(desk, job_id, "budi", signature="x") == "signature"
    assert refusal(desk, job_id, "budi", key_id="?") == "signature"


@pytest.mark.parametrize("away_s", [-301, 301])
def test_what_was_signed_at_another_time_is_refused(desk: JobDesk, away_s: int) -> None:
    assert refusal(desk, wipe(desk), "budi", at=desk.now + away_s * 1000) == "at"


def test_who_has_not_the_power_where_a_kiosk_is_cannot_agree(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("clear_queue", *desk.names()))  # more than 25: two people
    desk.people["budi"] = desk.people["budi"]._replace(
        person=desk.person("tono", ("operator", BANDUNG)).person
    )
    with pytest.raises(Outside):
        desk.agree(job_id, "budi")
    desk.people["budi"] = desk.person("tina", ("technician", ""))
    with pytest.raises(Lacks):
        desk.agree(job_id, "budi")


def test_nobody_agrees_to_what_waits_for_nobody(desk: JobDesk) -> None:
    assert refusal(desk, desk.ask(desk.wish()), "budi") == "state"
    with pytest.raises(Refused, match="no job 99"), desk.reading() as conn:
        agree.statement(conn, EVERYWHERE, 99, desk.now)


def test_a_policy_that_asks_for_more_is_obeyed_at_once(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("clear_queue"))
    rules = desk.ceremony.policy().rules
    stricter = {**rules, "sensitive": rules["destructive"]}
    desk.put_in_force(desk.ceremony.signed_policy(desk.ceremony.policy(2, rules=stricter)))
    assert desk.agree(job_id, "budi").state == "waiting"
    assert desk.agree(job_id, "rini").state == "ready"


def test_the_statement_is_what_is_signed(desk: JobDesk) -> None:
    job_id = wipe(desk)
    with desk.reading() as conn:
        said = agree.statement(conn, EVERYWHERE, job_id, desk.now)
    signature = text_of(desk.ceremony.people["budi"].sign(raw(said.message)))
    assert desk.agree(job_id, "budi", at=said.at, signature=signature).given == 1
    with desk.reading() as conn, pytest.raises(Outside):
        agree.statement(conn, Scope(("99",)), job_id, desk.now)


def test_row_69_who_may_not_agree_everywhere_is_not_shown_what_is_signed(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("clear_queue", *desk.names()))
    with desk.reading() as conn, pytest.raises(Outside):
        agree.statement(conn, Scope((BANDUNG,)), job_id, desk.now)


def test_a_refused_job_is_over(desk: JobDesk) -> None:
    job_id = wipe(desk)
    desk.agree(job_id, "budi")
    with writing(desk.engine) as conn:
        agree.refuse(conn, desk.people["rini"], job_id, "salah kios", desk.now)
    job = desk.job(job_id)
    assert (job.state, job.state_why) == ("refused", "rini: salah kios")
    assert {row.state for row in desk.commands(job_id)} == {"cancelled"}
    assert refusal(desk, job_id, "siti") == "state"
    assert [row.detail["why"] for row in desk.log("command.refuse")] == ["salah kios"]


@pytest.mark.parametrize("why", ["", "  ", "x" * 301, "a\x00b"])
def test_to_refuse_needs_a_reason(desk: JobDesk, why: str) -> None:
    job_id = wipe(desk)
    with pytest.raises(Refused, match="reason"), writing(desk.engine) as conn:
        agree.refuse(conn, desk.people["rini"], job_id, why, desk.now)


def test_nobody_waits_longer_than_a_day(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("wipe", desk.names()[0], valid_s=10 * DAY_S))
    assert not desk.tick(DAY_S - 1)
    assert desk.tick(1)
    assert desk.job(job_id).state == "refused"
    assert {row.state for row in desk.commands(job_id)} == {"cancelled"}


def test_of_two_who_agree_at_the_same_moment_both_count(desk: JobDesk) -> None:
    job_id = wipe(desk)
    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda who: desk.agree(job_id, who), ("budi", "rini")))
    assert sorted((one.given, one.state) for one in told) == [(1, "waiting"), (2, "ready")]
    assert desk.job(job_id).state == "ready"
