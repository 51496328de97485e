"""The doors by which a service pack comes in and goes out as a file: .xlsx, .yaml, .json. Pure.

Whatever it was, inside it is one plain document; complaints of a workbook name its sheet and row.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from controller.services import files, sheet_read, workbook
from controller.services.examine import Examined, examine, normal
from controller.services.said import unreadable
from wire.service.tenant import Tenant

TYPES: Final = {  # end of the name -> its type, and who writes it
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
    "json": "application/json",
}


def _write_xlsx(document: Mapping[str, Any]) -> bytes:
    from controller.services import sheet_write  # noqa: PLC0415 - slow to load, rarely asked

    return sheet_write.write(document)


_WRITERS: Final[Mapping[str, Callable[[Mapping[str, Any]], bytes]]] = {
    "xlsx": _write_xlsx,
    "yaml": files.write_yaml,
    "json": files.write_json,
}


class Brought(NamedTuple):
    """`document` is what was read, sound or not."""

    document: dict[str, Any]
    examined: Examined


def bring(
    name: str, body: bytes, tenant_of: Callable[[str], Tenant | None], into: str = ""
) -> Brought:
    """By the end of its name. `into`: the tenant it goes to when it names none itself.

    Raises Unreadable.
    """
    if name.lower().endswith(".xlsx"):
        taken = sheet_read.read(workbook.read(body))
        document, places = taken.document, taken.places
    elif name.lower().endswith(files.SUFFIXES):
        document, places = files.read(name, body), {}
    else:
        raise unreadable(
            "Kirim berkas .xlsx, .yaml, atau .json. Simpan .xls dan .xlsm sebagai .xlsx dulu.",
            "Send an .xlsx, .yaml or .json file. Save .xls and .xlsm as .xlsx first.",
        )
    if into and not document.get("tenant"):
        document["tenant"] = into
    found = examine(document, tenant_of(str(document.get("tenant", ""))))
    placed = sheet_read.placed(found.complaints, places)
    return Brought(normal(document), found._replace(complaints=placed))


def write(document: Mapping[str, Any], kind: str) -> bytes:
    """Raises KeyError for a kind nobody knows."""
    return _WRITERS[kind](document)
