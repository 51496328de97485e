"""A small release of the citizens' services, and a portal that shows it.

Two tenants; 32.73 offers a service with a form, one with tickets and one that is a guide.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from portal.catalogue import Catalogue, read
from portal.content import KINDS
from portal.its import Its
from portal.press import Press
from portal.server import PortalServer
from tests.support.shown import put
from wire.service.document import Service
from wire.service.document import read as read_service
from wire.service.tenant import Holidays, Places, Tenant, encode

SITE = "32.73.02"
NOW = 1_795_314_600_000  # Sunday 22 November 2026, 09:30 in Bandung
MONDAY = NOW + 86_400_000
STARTER = Path(__file__).parents[2] / "provisioning/starter"
OPENING = "Enam layanan untuk warga."


def words(text: str, su: str = "", en: str = "") -> dict[str, str]:
    return {"id": text, "su": su or f"{text} (su)", "en": en or f"{text} (en)"}


def tenant(code: str, name: str) -> bytes:
    said = {
        "code": code,
        "name": words(name),
        "greeting": words(f"Selamat datang di {name}"),
        "hours": [
            {"weekday": day, "open": [["08:00", "12:00"], ["13:00", "16:00"]]} for day in range(5)
        ],
        "agencies": [{"code": "kecamatan", "name": words("Kecamatan")}],
        "groups": [
            {"code": "sosial", "name": words("Sosial"), "picture": "apply"},
            {"code": "penduduk", "name": words("Kependudukan"), "picture": "inform"},
        ],
        "categories": [
            {
                "code": "jalan",
                "name": words("Jalan rusak"),
                "agency": "kecamatan",
                "keywords": ["lubang", "aspal"],
            },
            {"code": "banjir", "name": words("Banjir"), "agency": "kecamatan", "emergency": True},
        ],
        "complaint": "ADU-UMUM",
        "complaint_agency": "kecamatan",
        "privacy": words("Data Anda milik Anda."),
    }
    return encode(msgspec.convert(said, Tenant))


def service(code: str, name: str, **more: Any) -> dict[str, Any]:
    standard = {
        "requirements": [{"code": "ktp", "name": words("KTP-el")}],
        "procedure": [words("Isi formulir"), words("Ambil surat di loket")],
        "duration": {"working_days": 1},
        "fees": [{"name": words("Gratis"), "rupiah": 0}],
        "product": words(name),
        "complaints": words("Sampaikan di loket"),
        "legal_basis": ["UU 25/2009"],
        "facilities": words("Ruang tunggu"),
    }
    return {
        "code": code,
        "name": words(name),
        "summary": words(f"Tentang {name}"),
        "tenant": "32.73",
        "agency": "kecamatan",
        "group": "sosial",
        "level": "district",
        "regions": ["32.73"],
        "modes": ["info"],
        "standard": standard,
        **more,
    }


FIELDS = [
    {"name": "nik", "kind": "nik", "label": words("NIK"), "secret": True},
    {"name": "nama", "kind": "text", "label": words("Nama sesuai KTP"), "most": 80},
    {
        "name": "untuk",
        "kind": "choice",
        "label": words("Untuk keperluan"),
        "options": [
            {"value": "sekolah", "label": words("Sekolah")},
            {"value": "lain", "label": words("Lainnya")},
        ],
    },
    {
        "name": "sekolah",
        "kind": "text",
        "label": words("Nama sekolah"),
        "when": "untuk == 'sekolah'",
    },
]
SERVICES = {
    "KEC-SKTM-01": service(
        "KEC-SKTM-01",
        "Surat Keterangan Tidak Mampu",
        modes=["info", "apply"],
        fields=FIELDS,
        keywords=["miskin", "bantuan"],
    ),
    "DKP-KTP-01": service(
        "DKP-KTP-01",
        "KTP elektronik",
        group="penduduk",
        modes=["info", "queue"],
        queue={"letter": "A", "quota": 2},
        decree="SK 12/2026",
    ),
    "OSS-NIB-01": service(
        "OSS-NIB-01",
        "Nomor Induk Berusaha",
        modes=["info", "guide"],
        handover=[{"name": words("OSS"), "url": "https://oss.go.id"}],
    ),
}
PLACES = {
    "districts": [
        {
            "code": "32.73.02",
            "name": "Coblong",
            "villages": [
                {"code": "32.73.02.1001", "name": "Dago"},
                {"code": "32.73.02.1002", "name": "Lebak Siliwangi"},
            ],
            "outline": [[[107.6, -6.9], [107.62, -6.9], [107.62, -6.87], [107.6, -6.87]]],
        },
        {
            "code": "32.73.05",
            "name": "Andir",
            "villages": [{"code": "32.73.05.1001", "name": "Campaka"}],
        },
    ]
}


def tree(services: dict[str, dict[str, Any]] | None = None) -> dict[str, bytes]:
    """The files of a release that offers these services at 32.73."""
    card = {"picture": "inform", "name": "Informasi", "promise": "Syarat dan biaya"}
    content = {"v": 1, "opening": OPENING, "services": [card]}
    found = {
        "content.json": msgspec.json.encode(content),
        "holidays.json": encode(Holidays(days=("2026-12-25",), known_until="2027-12-31")),
    }
    for code, name in (("32.73", "Kota Bandung"), ("32.04", "Kabupaten Bandung")):
        found[f"tenants/{code}/tenant.json"] = tenant(code, name)
        found[f"tenants/{code}/places.json"] = encode(msgspec.convert(PLACES, Places))
    for code, said in (SERVICES if services is None else services).items():
        pack = read_service(msgspec.json.encode(said))
        found[f"tenants/32.73/services/{code}.json"] = encode(pack)
    return found


def starter() -> dict[str, bytes]:
    """The files of the first release of every office (provisioning/starter)."""
    return {
        str(path.relative_to(STARTER)): path.read_bytes()
        for path in STARTER.rglob("*")
        if path.is_file() and path.suffix in KINDS
    }


def catalogue(site: str = SITE, **services: dict[str, Any]) -> Catalogue:
    """What is offered at the site, without any disk."""
    files = tree(services or None)
    found = read(site, 1, files, files.__getitem__)
    assert found is not None
    return found


def pack(code: str) -> Service:
    return read_service(msgspec.json.encode(SERVICES[code]))


PRESS = Press()


@contextmanager
def offering(
    folder: Path, site: str = SITE, files: dict[str, bytes] | None = None, **its: Any
) -> Iterator[PortalServer]:
    """A running portal that shows release 1; `its` are fields of portal.its.Its."""
    put(folder, 1, files or tree())
    given: dict[str, Any] = {"press": PRESS, "clock": lambda: MONDAY, **its}
    server = PortalServer(
        0,
        "bandung-coblong-01",
        "1.2.3",
        "2026-01-02T03:04:05+00:00",
        content=folder,
        its=Its(kiosk="bandung-coblong-01", site=site, **given),
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
