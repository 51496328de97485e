"""Whether a service pack makes sense: what its shape alone cannot say. Pure; never mends anything.

Each problem names the place in the document, a stable code and one sentence in both languages of
the console, to the clerk who wrote it. The rules are in the visible table RULES, a function each;
those between the documents of one tenant in together.py.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from wire.service import check_fields, check_steps, check_words, days
from wire.service.document import Service
from wire.service.problem import Problem
from wire.service.tenant import Tenant

__all__ = ["Problem", "problems"]


def problems(service: Service, tenant: Tenant) -> tuple[Problem, ...]:
    """(): it may be published. In the order of RULES."""
    about_tenant = (problem for rule in TENANT_RULES for problem in rule(service, tenant))
    about_pack = (problem for rule in RULES for problem in rule(service))
    return (*about_tenant, *about_pack)


def belongs(service: Service, tenant: Tenant) -> Iterator[Problem]:
    """To the tenant in whose folder it lies, and to an agency and a group of it."""
    if service.tenant != tenant.code:
        yield Problem("tenant", "tenant", f"Paket ini untuk {service.tenant}, bukan {tenant.code}.",
                      f"This pack is for {service.tenant}, not for {tenant.code}.")  # fmt: skip
    if service.agency not in {agency.code for agency in tenant.agencies}:
        yield Problem("agency", "agency", f"Instansi {service.agency} belum terdaftar.",
                      f"There is no agency {service.agency}.")  # fmt: skip
    if service.group not in {group.code for group in tenant.groups}:
        yield Problem("group", "group", f"Kelompok {service.group} belum terdaftar.",
                      f"There is no group {service.group}.")  # fmt: skip


def regions(service: Service, tenant: Tenant) -> Iterator[Problem]:
    for at, region in enumerate(service.regions):
        if region != tenant.code and not region.startswith(tenant.code + "."):
            yield Problem(f"regions[{at}]", "region", f"{region} bukan bagian dari {tenant.code}.",
                          f"{region} is no part of {tenant.code}.")  # fmt: skip
        if region in service.regions[:at]:
            yield Problem(f"regions[{at}]", "twice", f"Wilayah {region} ada dua kali.",
                          f"The region {region} is there twice.")  # fmt: skip


def modes(service: Service) -> Iterator[Problem]:
    """What is offered must be there, and nothing must be there that is not offered."""
    has = {
        "apply": ("fields", bool(service.fields), "isian", "fields"),
        "queue": ("queue", service.queue is not None, "antrian", "queue"),
        "guide": ("handover", bool(service.handover), "tujuan rujukan", "handover"),
    }
    for mode, (path, there, indonesian, english) in has.items():
        if (mode in service.modes) != there:
            yield Problem(path, "mode",
                          f"Mode {mode} dan {indonesian} harus ada berdua, atau tidak keduanya.",
                          f"The mode {mode} and {english} go together, or neither is there.",
                          )  # fmt: skip
    if len(set(service.modes)) < len(service.modes):
        yield Problem("modes", "twice", "Ada mode yang ditulis dua kali.",
                      "A mode is there twice.")  # fmt: skip


def validity(service: Service) -> Iterator[Problem]:
    valid = service.valid
    dates: Mapping[str, str] = {"since": valid.since, "until": valid.until, "review": valid.review}
    for name, text in dates.items():
        if text and not _is_day(text):
            yield Problem(f"valid.{name}", "date", f"Tanggal {text} tidak ada.",
                          f"There is no day {text}.")  # fmt: skip
    if valid.since and valid.until and valid.until < valid.since:
        yield Problem("valid.until", "date", "Masa berlaku selesai sebelum dimulai.",
                      "It ends before it begins.")  # fmt: skip


def standard(service: Service) -> Iterator[Problem]:
    """A decree makes it official: then the law it stands on and its steps must be said."""
    if service.decree.strip() and not service.standard.legal_basis:
        yield Problem("standard.legal_basis", "decree", "Layanan yang disahkan perlu dasar hukum.",
                      "A service with a decree needs its legal basis.")  # fmt: skip
    if not service.standard.fees:
        yield Problem("standard.fees", "fees", "Tulis biayanya; bila gratis, tulis 0 rupiah.",
                      "Say what it costs; when it is free, 0 rupiah.")  # fmt: skip
    if not service.standard.procedure:
        yield Problem("standard.procedure", "procedure", "Tulis langkah-langkah bagi warga.",
                      "Say step by step what a citizen does.")  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        days.parse(text)
    except ValueError:
        return False
    return True


TENANT_RULES: Final[tuple[Callable[[Service, Tenant], Iterator[Problem]], ...]] = (belongs, regions)
RULES: Final[tuple[Callable[[Service], Iterator[Problem]], ...]] = (
    modes,
    validity,
    standard,
    check_fields.names,
    check_fields.pages,
    check_fields.options,
    check_fields.limits,
    check_fields.secrets,
    check_fields.photos,
    check_fields.sayings,
    check_fields.conditions,
    check_steps.steps,
    check_steps.length,
    check_words.words,
    check_words.receipts,
    check_words.number,
)
