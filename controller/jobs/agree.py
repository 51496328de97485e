"""Agreeing to a job, with a key the office does not hold; and refusing it.

One person counts once, whatever keys they have. The office checks what the kiosk will check again.
"""

from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from controller import policies
from controller.deeds import Doer
from controller.jobs import states
from controller.jobs.problems import a_reason
from controller.jobs.refused import Refused
from controller.jobs.states import JobRow
from controller.jobs.weigh import in_force
from controller.people.powers import Scope
from controller.store.command_tables import approval, operator_key
from controller.store.engine import insert_new
from wire.envelope import Approval, Envelope, Order, approval_message, parse, text_of
from wire.policy import Policy, Refusal, Rule, approvers, power_of

NEAR_MS: Final = 300_000  # so far may `at` lie from the office's clock
POWER: Final = "command.agree"


class Statement(NamedTuple):
    """What is signed: `message` (base64) are the very bytes; `order` the text within them."""

    job_id: int
    order: str
    at: int
    message: str


class Agreed(NamedTuple):
    """`given` of `needed` people have agreed; `first`: this very call counted."""

    first: bool
    given: int
    needed: int
    state: str
    not_before: int


def statement(conn: Connection, scope: Scope, job_id: int, at: int) -> Statement:
    """`at`: office milliseconds, of now. Raises Refused (`unknown`, `state`).

    And Outside, as agreeing does: who signs is shown every kiosk, so all of them must be theirs.
    """
    found = states.find(conn, job_id)
    states.reach(job_id).must_cover(conn, scope)
    _must_wait(found)
    message = approval_message(found.order_text, at)
    return Statement(job_id, found.order_text, at, text_of(message))


def agree(
    conn: Connection, by: Doer, job_id: int, *, key_id: str, at: int, signature: str, now: int
) -> Agreed:
    """Raises Refused (`unknown`, `state`, `key`, `signature`, `at`), Lacks and Outside.

    Saying it again changes nothing. Inside a `writing` transaction, last in it.
    """
    found = states.find(conn, job_id, locked=True)
    states.reach(job_id).must_hold(conn, by, POWER)
    if by.person.login in _words(conn, job_id):
        return _agreed(conn, found, first=False)
    _must_wait(found)
    if abs(now - at) > NEAR_MS:
        raise Refused("at", "it was signed too long ago, or with a wrong clock: sign it again")
    policy, word = in_force(conn), _word(key_id, at, signature)
    _check(conn, by, policy, found, word)
    values = {"job_id": job_id, "login": by.person.login, "key_id": word.key, "at": word.at}
    conn.execute(insert_new(conn, approval).values(values | {"signature": word.signature}))
    _settle(conn, found, policy, now)
    detail = {"key": word.key, "kind": found.kind, "kiosks": found.count}
    states.write_down(conn, by, "command.agree", job_id, now, **detail)
    return _agreed(conn, states.find(conn, job_id), first=True)


def refuse(conn: Connection, by: Doer, job_id: int, why: str, now: int) -> None:
    """Nobody may agree to it any more. Raises Refused (`unknown`, `state`, `why`), Lacks, Outside.

    Inside a `writing` transaction, last in it.
    """
    found = states.find(conn, job_id, locked=True)
    states.reach(job_id).must_hold(conn, by, POWER)
    why = a_reason(why)
    states.move_job(conn, found, "refuse", f"{by.person.login}: {why}", now)
    states.cancel_commands(conn, job_id, by.person.login, now)
    states.write_down(conn, by, "command.refuse", job_id, now, kind=found.kind, why=why)


def cool_off_s(policy: Policy, order_text: str) -> int:
    """Of this order, under this policy."""
    return _rule(policy, order_text).cool_off_s


def _rule(policy: Policy, order_text: str) -> Rule:
    power = power_of(policy, parse(order_text, Order))
    return policy.rules.get(power, Rule(approvals=8))


def _must_wait(found: JobRow) -> None:
    if found.state != "waiting":
        raise Refused("state", f"job {found.id} is {found.state}: it waits for nobody's word")


def _word(key_id: str, at: int, signature: str) -> Approval:
    try:
        return msgspec.convert({"key": key_id, "at": at, "signature": signature}, Approval)
    except msgspec.ValidationError as error:
        raise Refused("signature", f"this is no signature: {error}") from None


def _check(conn: Connection, by: Doer, policy: Policy, found: JobRow, word: Approval) -> None:
    """The key is this very person's, in force, and signed this very order."""
    ours = (operator_key.c.key_id == word.key, operator_key.c.account_id == by.person.account)
    known = select(operator_key.c.key_id).where(*ours, operator_key.c.ended_at.is_(None))
    if conn.scalar(known) is None:
        raise Refused("key", "this is not a key of yours")
    try:
        who = _people(policy, found.order_text, word)
    except Refusal as error:
        code = "key" if error.code == "unknown_key" else "signature"
        raise Refused(code, error.why) from None
    if by.person.login not in who:
        raise Refused("key", "the policy holds this key in another name")


def _people(policy: Policy, order_text: str, word: Approval) -> dict[str, int]:
    """Who said this word; raises Refusal when nobody of the policy did."""
    blank = "0" * 32
    told = Envelope(command=blank, number=0, order=order_text, after=0, approvals=(word,))
    return approvers(policy, told, policies.verify)


def _settle(conn: Connection, found: JobRow, policy: Policy, now: int) -> None:
    """Ready, once enough different people have agreed whose keys are still in force."""
    agreed: dict[str, int] = {}
    for word in _words(conn, found.id).values():
        try:
            agreed |= _people(policy, found.order_text, word)
        except Refusal:
            continue  # its key was taken from the policy meanwhile
    rule = _rule(policy, found.order_text)
    if len(agreed) >= max(found.approvals, rule.approvals):
        begin = max(found.not_before, max(agreed.values()) + rule.cool_off_s * 1000)
        states.move_job(conn, found, "agree", "enough people agreed", now, not_before=begin)


def _words(conn: Connection, job_id: int) -> dict[str, Approval]:
    """Login -> what was said."""
    rows = conn.execute(select(approval).where(approval.c.job_id == job_id))
    return {r.login: Approval(key=r.key_id, at=r.at, signature=r.signature) for r in rows}


def _agreed(conn: Connection, found: JobRow, *, first: bool) -> Agreed:
    given = len(_words(conn, found.id))
    return Agreed(first, given, found.approvals, found.state, found.not_before)
