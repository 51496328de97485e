"""Queue tickets and the door to status: one tile, two things people come for.

Owns which services give tickets and when: only while the counter is open today, only as many as the
day has. A ticket is shown large, printed when the printer works, and carries nothing but a number.
"""

from typing import NamedTuple

from portal import home, hours, papers, printing
from portal.answer import Answer, go, page
from portal.asked import Ask
from portal.handover import qr
from portal.tickets import NoMore
from wire.service.document import Service

HOME = "/antrian"


class Given(NamedTuple):
    """A ticket and its day (YYYY-MM-DD): midnight or a clock put right changes neither."""

    number: str
    service: Service
    day: str
    printed: bool


def show(ask: Ask) -> Answer:
    """Services with tickets: how many are left, and who is served now."""
    when, sync = home.times(ask), ask.its.sync()
    day = when.today
    rows = [(one, _left(ask, one, day), called(ask, one, day)) for one in _offered(ask)]
    is_called = any(now for _, _, now in rows)
    return page(
        ask,
        "queue.html",
        rows=rows,
        opens=_opens(ask),
        notice=home.notice_of(ask, "queue"),
        failed=ask.query.get("gagal"),
        as_of=when.near(sync.at) if sync and is_called else "",
    )


def take(ask: Ask) -> Answer:
    """One ticket a service and citizen, however often it is asked for; printed where that works."""
    found = next((one for one in _offered(ask) if one.code == ask.args["code"]), None)
    if found is None or found.queue is None or _opens(ask):
        return go(HOME)
    kept: dict[str, Given] = ask.sitting.drafts.setdefault("tickets", {})
    if found.code not in kept and (failed := _give(ask, found, kept)):
        return go(f"{HOME}?gagal={failed}")
    given = ask.sitting.drafts["ticket"] = kept[found.code]
    return go(f"{HOME}/nomor?cetak={'ya' if given.printed else 'tidak'}")


def _give(ask: Ask, found: Service, kept: dict[str, Given]) -> str:
    """Why there is none, "" when it was given."""
    if ask.its.tickets is None or found.queue is None:
        return "rusak"
    day = home.times(ask).today
    try:
        number = ask.its.tickets.take(day, found.queue.letter, found.queue.quota)
    except NoMore:
        return "habis"
    except OSError:
        return "rusak"
    ticket = f"{found.queue.letter}-{number:03}"
    ask.sitting.paper = _paper(ask, ticket, found)
    printed = papers.on_paper(ask, ask.sitting.paper)
    kept[found.code] = Given(ticket, found, day, printed)
    return ""


def ticket(ask: Ask) -> Answer:
    given: Given | None = ask.sitting.drafts.get("ticket")
    if given is None:
        return go(HOME)
    return page(
        ask,
        "ticket.html",
        ticket=given.number,
        service=given.service,
        qr=qr(f"{ask.its.kiosk} {given.day} {given.number}"),
        printed=ask.query.get("cetak") == "ya",
    )


def called(ask: Ask, service: Service, day: str) -> str:
    """The number served now as the office last told, "" when it did not."""
    sync = ask.its.sync()
    letter = service.queue.letter if service.queue else ""
    found = [one for one in (sync.called if sync else ()) if (one.day, one.letter) == (day, letter)]
    return f"{letter}-{found[-1].number:03}" if found else ""


def served(ask: Ask) -> list[tuple[str, str]]:
    """Who is served now, of queues that gave out tickets here today: number and service."""
    day, tickets = home.times(ask).today, ask.its.tickets
    called_now = ((one, called(ask, one, day)) for one in _offered(ask))
    return [
        (number, one.name.of(ask.sitting.language))
        for one, number in called_now
        if number and tickets and one.queue and tickets.issued(day, one.queue.letter)
    ]


def _offered(ask: Ask) -> list[Service]:
    services = ask.catalogue.on(home.times(ask).today)
    return [one for one in services if "queue" in one.modes and one.queue]


def _left(ask: Ask, service: Service, day: str) -> int | None:
    """How many tickets are left today, None without a limit."""
    if service.queue is None or not service.queue.quota:
        return None
    issued = ask.its.tickets.issued(day, service.queue.letter) if ask.its.tickets else 0
    return max(0, service.queue.quota - issued)


def _opens(ask: Ask) -> str:
    """When the counter opens again, "" while tickets are given.

    Tickets are given all day of an open day, also in the break: whoever waits keeps their place.
    """
    when, tenant = home.times(ask), ask.catalogue.tenant
    today = hours.today(tenant, ask.catalogue.holidays, when.now)
    if today and today[0].opens <= when.now < today[-1].closes:
        return ""
    found = hours.now(tenant, ask.catalogue.holidays, when.now)
    return when.near(found.until) if found.until else ask.t("counter.none")


def _paper(ask: Ask, ticket: str, service: Service) -> str:
    when = home.times(ask)
    lines = (service.name.of(ask.sitting.language), f"{when.day(when.now)} {when.clock(when.now)}")
    name = ask.catalogue.tenant.name.of(ask.sitting.language)
    return printing.receipt(name, ticket, (*lines, "", ask.t("queue.wait")))
