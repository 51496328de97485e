"""The log, as sentences: who did what, when, from where; and whether its chain holds.

A row becomes a sentence by a table of texts, by its `what`; one without a sentence is shown by its
words. Everything in a row is hostile text. The chain is walked over its newest rows only: what lies
before was walked by whoever sealed it, and the seal tells of rows that were cut off.
"""

import json
import string
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from controller.people import audit
from controller.people.audit import START, Filter, Mark, Row
from controller.store.identity_tables import warden
from controller.store.people_tables import audit as table
from controller.words import BadQuestion
from dashboards.console import times, words
from dashboards.console.pages.answers import name_of as command_name
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.districts import names, where
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part
from dashboards.console.texts import Texts

SIZE: Final = 50
NEWEST: Final = 2_000  # rows of the chain walked at each look
SEALED_WITHIN_MS: Final = 3_600_000
KINDS: Final = (
    "identity", "certificate", "people", "login", "logout", "session", "token", "fault", "command",
    "job", "policy", "key", "attachment", "list", "release", "rollout", "service", "inbox",
    "visit", "counter", "refused",
)  # fmt: skip


class Told(NamedTuple):
    """One row in words; `raw` is its detail as stored."""

    n: int
    at: int
    sentence: str
    who: str
    address: str
    district: str
    place: str
    raw: str


def asked_of(ask: Ask) -> dict[str, str]:
    """The filter as it stands in the address. Raises BadQuestion."""
    query = ask.request.query_params
    found = {key: query.get(key, "").strip() for key in ("who", "what", "subject")}
    if found["what"] and found["what"] not in KINDS:
        raise BadQuestion("what", found["what"], KINDS)
    days = {key: query.get(key, "") for key in ("since", "until")}
    for key, text in days.items():
        _day(key, text)
    return found | days


def frame(ask: Ask) -> Mapping[str, Any]:
    return {"asked": asked_of(ask), "kinds": KINDS}


def rows(ask: Ask) -> Mapping[str, Any]:
    asked = asked_of(ask)
    until = _day("until", asked["until"], after=1)
    wanted = Filter(
        asked["who"], asked["what"], asked["subject"], _day("since", asked["since"]), until
    )
    number = whole(ask.request.query_params.get("page"), "page", 1)
    page = audit.read(ask.conn, ask.scope("audit.read"), wanted, number, SIZE)
    known = names(ask.conn) if page.rows else {}
    return {"page": page, "rows": [told(row, known, ask.t) for row in page.rows]}


def told(row: Row, known: dict[str, str], t: Texts) -> Told:
    raw = json.dumps(row.detail, ensure_ascii=False, indent=2, sort_keys=True)
    place = where(row.district, known, t) if row.district else ""
    plain = words.plain
    return Told(
        n=row.n,
        at=row.at,
        sentence=sentence(row, t),
        who=name_of(row.who, t),
        address=plain(row.address),
        district=plain(row.district),
        place=place,
        raw=f"{plain(row.what)} · {plain(row.subject)}\n{raw}",
    )


def sentence(row: Row, t: Texts) -> str:
    """What happened, in words; what is missing in the detail is a dash."""
    fields = {key: _said(key, part, t) for key, part in row.detail.items()}
    fields |= {"who": name_of(row.who, t), "subject": _subject(row.subject, t)}
    key = f"audit_said.{row.what.replace('.', '_').replace('-', '_')}"
    if not t.known(key):
        return t("audit.unknown", what=words.plain(row.what), subject=fields["subject"])
    wanted = {name for _, name, _, _ in string.Formatter().parse(t.sentences[key]) if name}
    return t(key, **{name: fields.get(name, "–") for name in wanted})


def _subject(subject: str, t: Texts) -> str:
    """`job 12` or `rollout 3` in words of the page; anything else as it is."""
    kind, _, number = subject.partition(" ")
    if kind in ("job", "rollout") and number.isdecimal():
        return t(f"{kind}.number", n=number)
    return words.plain(subject) or "–"


def chain(ask: Ask) -> Mapping[str, Any]:
    """How the chain is, in one sentence and a tone."""
    newest = audit.tail(ask.conn)
    row = ask.conn.execute(select(warden.c.checkpoint_n, warden.c.checkpoint_at)).first()
    sealed, sealed_at = (row.checkpoint_n, row.checkpoint_at) if row else (0, 0)
    verdict = audit.verify(ask.conn, after=_start(ask.conn, newest.n))
    shown = {"newest": newest.n, "checkpoint_n": sealed, "checkpoint_at": sealed_at}
    if not verdict.ok:
        return {**shown, "tone": "fail", "text": ask.t("audit.broken", n=verdict.broken_at)}
    if newest.n < sealed:
        text = ask.t("audit.cut", newest=newest.n, n=sealed)
        return {**shown, "tone": "fail", "text": text}
    if newest.n > sealed and ask.now - sealed_at > SEALED_WITHIN_MS:
        return {**shown, "tone": "warn", "text": ask.t("audit.unsealed")}
    return {**shown, "tone": "ok", "text": ask.t("audit.sound")}


def _start(conn: Connection, newest: int) -> Mark:
    first = newest - NEWEST
    query = select(table.c.n, table.c.hash).where(table.c.n == first)
    found = conn.execute(query).first() if first > 0 else None
    return Mark(*found) if found else START


def name_of(who: str, t: Texts) -> str:
    """A login as it is; a part of the office in words."""
    return t(f"audit_who.{who}") if t.known(f"audit_who.{who}") else words.plain(who)


def _said(key: str, part: object, t: Texts) -> str:
    if isinstance(part, list):
        return words.plain(", ".join(_grant(str(one), t) for one in part)) or "–"
    if key == "kind":
        return command_name(str(part), t)
    if key == "code":
        return words.name_of(str(part), t)
    if key == "why":
        return "".join(piece.text for piece in words.said(str(part), t)) or "–"
    return words.plain("–" if part is None or part == "" else part)


def _grant(told: str, t: Texts) -> str:
    """`technician 32.73`, as the log has it, with the role in words."""
    role, _, district = told.partition(" ")
    if not t.known(f"role.{role}"):
        return told
    return f"{t(f'role.{role}')} {t('people.everywhere') if district == 'everywhere' else district}"


def _day(field: str, text: str, after: int = 0) -> int | None:
    """The beginning of a day in WIB, `after` days later, in milliseconds. Raises BadQuestion."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=times.WIB) + timedelta(days=after)
        return round(day.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise BadQuestion(field, text, ["YYYY-MM-DD"]) from None


PAGE: Final = Page(
    "audit.html",
    "audit",
    (Part("chain", "parts/chain.html", chain), Part("list", "parts/trail.html", rows)),
    frame,
)
"""The page of the log."""
