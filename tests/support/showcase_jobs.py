"""Commands in the told fleet: a policy, jobs in every state, answers of every kind, hostile words.

Jobs are asked for as the console asks; what kiosks answered is written as the office writes it.
"""

import base64
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from controller import changes, policies
from controller.deeds import Doer
from controller.jobs.ask import ask
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan
from controller.jobs.weigh import Wish
from controller.people.audit import By
from controller.people.powers import EVERYWHERE, Grant, Person
from controller.store.command_tables import attachment, command, job, operator_key
from controller.store.engine import writing
from controller.store.people_tables import account
from controller.store.tables import kiosk
from tests.support.showcase import MINUTE, NOW
from tests.support.signing import Ceremony
from wire.policy import Key, SignedPolicy

ASKER = Doer(Person(1, "pagi", "Teknisi pagi", (Grant("admin", ""),)), EVERYWHERE, "192.0.2.7")
PICTURE = base64.b64decode(  # a screen of 36 x 64 points
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEA"
    "AAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRi"
    "WFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAA"
    "ADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABi"
    "mQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKn"
    "AAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMA"
    "LgAgADIAMAAxADb/2wBDAP//////////////////////////////////////////////////////////////////////"
    "////////////////2wBDAf//////////////////////////////////////////////////////////////////////"
    "////////////////wAARCABAACQDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAAAAMC/8QAGBABAAMBAAAAAAAA"
    "AAAAAAAAAAESUbH/xAAVAQEBAAAAAAAAAAAAAAAAAAAAAf/EABURAQEAAAAAAAAAAAAAAAAAAAAR/9oADAMBAAIRAxEA"
    "PwDIpWM6VjOqkTFKxnSsZ0ImKVjOgRoBFAAAAAAAAAAAAAAAAf/Z"
)
HOSTILE = "<img src=x onerror=alert(1)>\u202e</script>"


def govern(engine: Engine, ceremony: Ceremony, *, version: int = 1, now: int = NOW) -> None:
    """Put a policy in force in which these people may agree."""
    enact(engine, ceremony.signed_policy(ceremony.policy(version)), now)


def enact(engine: Engine, signed: SignedPolicy, now: int = NOW) -> None:
    with writing(engine) as conn:
        policies.store(conn, signed, By("setup"), now)


def people_keys(engine: Engine) -> list[Key]:
    """The public halves of the keys people have made, as a policy holds them."""
    query = select(operator_key.c.public, account.c.login).join(account)
    with engine.connect() as conn:
        return [Key(public=row[0], who=row[1], use="person") for row in conn.execute(query)]


def name_of(conn: Connection, kiosk_id: int) -> str:
    return str(conn.scalar(select(kiosk.c.name).where(kiosk.c.id == kiosk_id)))


def asked(
    engine: Engine, kind: str, *kiosks: str, args: Mapping[str, Any] | None = None, **more: Any
) -> int:
    """A job by the morning's technician; its number."""
    wish: dict[str, Any] = {"why": "halaman macet", "valid_s": 3_600, **more}
    now = wish.pop("now", NOW)
    with writing(engine) as conn:
        return ask(conn, ASKER, Wish(kind, args or {}, Asked(kiosks), **wish), now)


def answered(engine: Engine, number: int, name: str, state: str, **said: Any) -> None:
    """What the office writes when a kiosk's answer changes; all of a job's with an empty name."""
    at = said.pop("at", NOW)
    with writing(engine) as conn:
        mine = [command.c.job_id == number]
        if name:
            one = select(kiosk.c.id).where(kiosk.c.name == name).scalar_subquery()
            mine.append(command.c.kiosk_id == one)
        conn.execute(update(command).where(*mine).values(state=state, state_at=at, **said))
        tell(conn, number, at)


def slip_in(engine: Engine, number: int, name: str) -> None:
    """What somebody who holds the database might do: one kiosk more than people were asked."""
    with writing(engine) as conn:
        row = dict(conn.execute(select(command).where(command.c.job_id == number)).mappings().one())
        one = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name))
        row |= {"command_id": "f" * 32, "kiosk_id": one}
        conn.execute(insert(command).values({k: v for k, v in row.items() if k != "id"}))


def moved(engine: Engine, number: int, state: str, **more: Any) -> None:
    with writing(engine) as conn:
        conn.execute(update(job).where(job.c.id == number).values(state=state, **more))
        changes.record(conn, "job", None, str(number), NOW)


def tell(conn: Connection, number: int, at: int) -> None:
    """What the office records when commands of a job change."""
    query = select(command.c.kiosk_id, command.c.command_id).where(command.c.job_id == number)
    news = [changes.News("command", row[0], row[1]) for row in conn.execute(query)]
    changes.record_all(conn, [*news, changes.News("job", None, str(number))], at)


def hand_in(engine: Engine, number: int, type_: str, body: bytes, digest: str) -> str:
    """What a kiosk handed in for the only command of this job; the command's name."""
    with writing(engine) as conn:
        query = select(command.c.id, command.c.command_id).where(command.c.job_id == number)
        row = conn.execute(query).one()
        values = {"command_id": row.id, "sha256": digest, "type": type_, "size": len(body)}
        conn.execute(insert(attachment).values(**values, body=body, at=NOW))
        conn.execute(update(command).where(command.c.id == row.id).values(attachment=digest))
        tell(conn, number, NOW)
    return str(row.command_id)


def tell_jobs(engine: Engine, names: Mapping[str, str], picture: bytes = PICTURE) -> dict[str, int]:
    """A morning of commands. Needs a policy in force. Returns jobs by what they show."""
    ago = NOW - 9 * MINUTE
    shot = asked(engine, "screenshot", names["Coblong"], now=ago)
    ended = {"sent_at": ago + 300, "accepted_at": ago + 700, "ended_at": ago + 3_400}
    facts: dict[str, Any] = {"width": 540, "height": 960}
    answered(engine, shot, "", "succeeded", at=ago + 3_400, facts=facts, **ended)
    hand_in(engine, shot, "image/jpeg", picture, "a" * 64)
    moved(engine, shot, "finished")
    printed = asked(engine, "test_print", names["Regol"], now=ago)
    facts = {"before": "ok", "after": "ok", "impressions": 1, "job": 118, "job_state": 9,
             "format": "application/pdf"}  # fmt: skip
    answered(engine, printed, "", "succeeded", at=ago + 3_400, facts=facts, **ended)
    moved(engine, printed, "finished")
    checked = asked(engine, "check_network", names["Coblong"], now=ago)
    facts = {"name_ok": True, "name_ms": 12, "route_ok": True, "time_ok": True, "broker_ok": True,
             "broker_ms": 41, "door_ok": False, "door_why": HOSTILE}  # fmt: skip
    answered(engine, checked, "", "failed", facts=facts, code="door", why=HOSTILE, **ended)
    moved(engine, checked, "finished")
    off = asked(engine, "restart_browser", names["Rancabali"])
    logs = asked(engine, "collect_logs", names["Cicendo"], now=ago)
    answered(engine, logs, "", "succeeded", at=ago + 3_400, **ended)
    hand_in(engine, logs, "application/gzip", b"\x1f\x8b" + b"x" * 90_000, "b" * 64)
    moved(engine, logs, "finished")
    waves = wave_job(engine, names)
    waiting = asked(engine, "clear_queue", *sorted(names.values())[:6], why="antrian macet")
    wipe = asked(engine, "wipe", names["Cibiru"], args={"kiosk": names["Cibiru"]}, why="dijual",
                 valid_s=86_400)  # fmt: skip
    return {"shot": shot, "print": printed, "network": checked, "off": off, "logs": logs,
            "waves": waves, "waiting": waiting, "wipe": wipe}  # fmt: skip


def wave_job(engine: Engine, names: Mapping[str, str]) -> int:
    """Twenty kiosks in two waves, half way."""
    some = sorted(names.values())[:20]
    plan = Plan(waves=("50%", "100%"))
    number = asked(engine, "reboot", *some, plan=plan, why="pembaruan malam", now=NOW - 4 * MINUTE)
    with engine.connect() as conn:
        query = select(kiosk.c.name).join(command, command.c.kiosk_id == kiosk.c.id)
        first = [row[0] for row in conn.execute(query.where(
            command.c.job_id == number, command.c.wave == 1).order_by(kiosk.c.name))]  # fmt: skip
    sent = {"sent_at": NOW - 3 * MINUTE, "accepted_at": NOW - 3 * MINUTE + 500}
    for name in first[:6]:
        answered(engine, number, name, "succeeded", ended_at=NOW - MINUTE, **sent,
                 facts={"boot_changed": True, "took_s": 74})  # fmt: skip
    answered(engine, number, first[6], "failed", code="timeout", ended_at=NOW - MINUTE, **sent)
    answered(engine, number, first[7], "running", percent=40, note=HOSTILE, **sent)
    answered(engine, number, first[8], "silent", **sent)
    answered(engine, number, first[9], "rejected", code="disabled", ended_at=NOW - MINUTE, **sent)
    return number
