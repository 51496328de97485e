"""A small service pack and its tenant, whole and right; tests change one thing in it at a time."""

from typing import Any

import msgspec

from wire.service.document import (
    Duration,
    Fee,
    Field,
    FieldKind,
    Option,
    Requirement,
    Service,
    Standard,
    Step,
    Words,
)
from wire.service.tenant import (
    Agency,
    Category,
    District,
    Films,
    Group,
    Places,
    Tenant,
    Village,
)

NIK = "3273056010900009"
"""Well made and nobody's: born on 20 October 1990."""


def words(text: str) -> Words:
    return Words(text, f"{text} (su)", f"{text} (en)")


def field(name: str, kind: FieldKind = "text", **more: Any) -> Field:
    if kind in ("choice", "choices") and "options" not in more:
        more["options"] = tuple(Option(value=each, label=words(each)) for each in ("satu", "dua"))
    return Field(name=name, kind=kind, label=words(name), **more)


STANDARD = Standard(
    requirements=(
        Requirement(code="ktp", name=words("KTP-el")),
        Requirement(code="hilang", name=words("Surat hilang"), when="alasan == 'hilang'"),
    ),
    procedure=(words("Isi permohonan"),),
    duration=Duration(working_days=3),
    fees=(
        Fee(name=words("Gratis"), rupiah=0),
        Fee(name=words("Denda"), rupiah=50_000, when="alasan == 'hilang'"),
    ),
    product=words("Kartu"),
    complaints=words("Loket"),
)
STEPS = (
    Step(state="submitted", by="warga", days=1, to=("verifying", "returned", "rejected")),
    Step(state="verifying", by="loket", days=2, to=("ready", "returned", "rejected")),
    Step(state="returned", by="warga", to=("verifying",)),
    Step(state="ready", by="warga", to=("taken",)),
)
FIELDS = (
    field("nik", "nik", secret=True, check="umur(nik) >= 17", check_says=words("Belum 17 tahun.")),
    field(
        "alasan",
        "choice",
        options=tuple(Option(value=each, label=words(each)) for each in ("baru", "hilang")),
    ),
    field("polisi", "text", when="alasan == 'hilang'"),
    field("sejak", "date", when="kosong(polisi) == false", required=False),
)


def service(**changes: Any) -> Service:
    whole = Service(
        code="KEC-KARTU",
        name=words("Kartu"),
        summary=words("Kartu contoh"),
        tenant="32.73",
        agency="kecamatan",
        group="surat",
        level="district",
        regions=("32.73",),
        modes=("info", "apply"),
        standard=STANDARD,
        fields=FIELDS,
        steps=STEPS,
        number="{urut:4}/{kode}/{kec}/{tahun}",
    )
    return msgspec.structs.replace(whole, **changes)


def standard(**changes: Any) -> Standard:
    return msgspec.structs.replace(STANDARD, **changes)


def tenant(**changes: Any) -> Tenant:
    whole = Tenant(
        code="32.73",
        name=words("Kota Contoh"),
        greeting=words("Selamat datang"),
        hours=(),
        agencies=(Agency(code="kecamatan", name=words("Kecamatan")),),
        groups=(Group(code="surat", name=words("Surat"), picture="surat"),),
        categories=(Category(code="jalan", name=words("Jalan"), agency="kecamatan"),),
        complaint="LAPOR-UMUM",
        complaint_agency="kecamatan",
        privacy=words("Data Anda milik Anda."),
    )
    return msgspec.structs.replace(whole, **changes)


PLACES = Places(
    districts=(
        District(
            code="32.73.05",
            name="Andir",
            villages=(Village(code="32.73.05.1001", name="Contoh"),),
        ),
    )
)
NO_FILMS = Films()
