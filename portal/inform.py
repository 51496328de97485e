"""Information: what each service needs, costs and takes, by the 14 components of its standard.

Owns what is shown of a service pack: the first six components at once, the others on request, and
whether it is a sample. It opens no other system: a hand-over is a QR for the citizen's telephone.
"""

from http import HTTPStatus
from typing import Final

from portal import home
from portal.answer import Answer, page
from portal.asked import Ask
from portal.handover import qr
from wire.service.document import Fee, Service, Words
from wire.service.tenant import Group

OTHERS: Final = (
    "facilities",
    "competence",
    "supervision",
    "staff",
    "service_guarantee",
    "safety_guarantee",
    "evaluation",
)
"""Components that are one text; the legal basis stands before them as a list."""


def groups(ask: Ask) -> Answer:
    """Every group with its services' number; one group only shows its services at once."""
    found = grouped(ask)
    chosen = next((pair for pair in found if pair[0].code == ask.query.get("k")), None)
    if len(found) == 1:
        chosen = found[0]
    return page(
        ask, "inform.html", groups=found, chosen=chosen, notice=home.notice_of(ask, "inform")
    )


def service(ask: Ask) -> Answer:
    found = ask.catalogue.services.get(ask.args["code"])
    if found is None:
        return missing(ask)
    return page(
        ask,
        "service.html",
        service=found,
        agency=ask.catalogue.agencies.get(found.agency),
        fees=[(fee, price(ask, fee)) for fee in found.standard.fees],
        duration=duration(ask, found),
        others=others(found),
        films=films(ask, found),
        handovers=[(one, qr(one.url)) for one in found.handover],
    )


def missing(ask: Ask) -> Answer:
    """There is no such thing; the way home is."""
    return page(ask, "missing.html", HTTPStatus.NOT_FOUND)


def grouped(ask: Ask) -> list[tuple[Group, list[Service]]]:
    offered = ask.catalogue.on(home.times(ask).today)
    pairs = [
        (group, [one for one in offered if one.group == code])
        for code, group in ask.catalogue.groups.items()
    ]
    return [pair for pair in pairs if pair[1]]


def others(service: Service) -> list[tuple[str, Words]]:
    """The components that were written, by the last part of their key."""
    found = ((name, getattr(service.standard, name)) for name in OTHERS)
    return [(name, said) for name, said in found if said]


def films(ask: Ask, service: Service) -> list[str]:
    named = {one.code for one in ask.catalogue.films}
    about = [one.code for one in ask.catalogue.films if service.code in one.services]
    return list(dict.fromkeys([*(one for one in service.videos if one in named), *about]))


def duration(ask: Ask, service: Service) -> str:
    """Empty where only the note of the standard says it."""
    days, note = service.standard.duration.working_days, service.standard.duration.note
    if days is None:
        return "" if note else ask.t("inform.no_duration")
    few = {0: "inform.same_day", 1: "inform.one_day"}
    return ask.t(few[days]) if days in few else ask.t("inform.days", days=days)


def price(ask: Ask, fee: Fee) -> str:
    if fee.rupiah is None:
        return ask.t("inform.computed")
    if not fee.rupiah:
        return ask.t("inform.free")
    return f"Rp {fee.rupiah:,}".replace(",", ".")
