"""The words of GeoReport v2 for what the office calls categories and states. Pure.

A service code is `TENANT-CATEGORY`, such as `32.73-jalan_rusak`: two governments may have the same
category. A complaint is closed once it has ended, open while somebody may still object.
"""

from collections.abc import Iterable
from typing import Any, Final

from wire.lifecycle import SUBMISSION_ENDS
from wire.service.document import STATES
from wire.service.tenant import Category

OPEN: Final = tuple(state for state in STATES if state not in SUBMISSION_ENDS)
STATUSES: Final = {"open": OPEN, "closed": SUBMISSION_ENDS}
SAID: Final = {
    "submitted": "Diterima, belum diverifikasi",
    "verifying": "Sedang diverifikasi",
    "processing": "Sedang ditindaklanjuti",
    "returned": "Menunggu keterangan pelapor",
    "rejected": "Tidak dapat ditindaklanjuti",
    "ready": "Sudah ditanggapi",
    "taken": "Selesai",
    "withdrawn": "Dicabut",
}
CLASSES: Final = {"complaint": "Pengaduan", "wish": "Aspirasi", "question": "Permintaan informasi"}


def code_of(tenant: str, category: str) -> str:
    return f"{tenant}-{category}"


def read_code(code: str) -> tuple[str, str]:
    """Tenant and category. Raises ValueError."""
    tenant, dash, category = code.partition("-")
    if not dash or not category:
        raise ValueError(f"no such service_code: {code[:64]}")
    return tenant, category


def status_of(state: str) -> str:
    return "closed" if state in SUBMISSION_ENDS else "open"


def service(tenant: str, one: Category) -> dict[str, Any]:
    """An entry of GET services."""
    return {
        "service_code": code_of(tenant, one.code),
        "service_name": one.name.id,
        "description": one.examples.id if one.examples else one.name.id,
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(one.keywords),
        "group": one.group,
    }


def definition(code: str, districts: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """GET services/{code}: what is asked besides. `districts`: codes and names."""
    place = _list("place", "Kecamatan (atau kode desa/kelurahan di dalamnya)", list(districts), 1)
    place["datatype_description"] = "Wajib bila lat dan long tidak diberikan"
    return {
        "service_code": code,
        "attributes": [place, _list("class", "Jenis laporan", list(CLASSES.items()), 2)],
    }


def _list(code: str, said: str, named: list[tuple[str, str]], order: int) -> dict[str, Any]:
    return {
        "variable": True,
        "code": code,
        "datatype": "singlevaluelist",
        "required": False,
        "datatype_description": "",
        "order": order,
        "description": said,
        "values": [{"key": key, "name": name} for key, name in named],
    }
