"""The JSON Schema (2020-12) of a service pack, made of wire/service/document.py alone. Pure.

Whoever writes a pack in an editor gets its help from here, and an office checks files by it before
it looks at what they mean. The sentences are for the clerk who writes one.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from wire.service.document import Service

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_SAYS: Final[Mapping[str, Mapping[str, str]]] = {
    "Service": {
        "v": "Version of this format.",
        "code": "Unique in the tenant: agency and service, as KEC-SKTM.",
        "revision": "Grows with every publication.",
        "name": "What citizens call it.",
        "summary": "One or two sentences under the name.",
        "tenant": "Code of the government, as 32.73.",
        "agency": "Code of an agency of the tenant; it gets what is handed in.",
        "group": "Code of a group of the tenant, under which the service is found.",
        "level": "Who answers it: the centre, an agency, a kecamatan or a village.",
        "regions": "Places in which it is offered; the tenant's code for all.",
        "valid": "When it is offered and when somebody must look at it again.",
        "decree": "Number of the SK. Without one it is shown as a sample.",
        "modes": "info is always there; apply, queue and guide are offered when named.",
        "standard": "The 14 components of the service standard.",
        "fields": "What a citizen is asked, in this order.",
        "steps": "How a submission is worked on, by whom and in how many working days.",
        "number": "The office's file number, as {urut:4}/{kode}/{kec}/{tahun}.",
        "receipt": "What is printed; empty is the usual receipt.",
        "retention": "After how many days what a citizen wrote is destroyed.",
        "queue": "Letter and quota of the day's tickets.",
        "handover": "Where a citizen goes on with a telephone of their own.",
        "keywords": "Other words by which people look for it.",
        "videos": "Codes of films that show how it is done.",
    },
    "Field": {
        "name": "Small letters, digits and _; conditions and templates name it.",
        "kind": "Decides what may be typed and which keyboard is shown.",
        "label": "The question.",
        "hint": "Help beside the question.",
        "required": "Without an answer nobody goes on.",
        "secret": "Masked once typed, also on paper.",
        "when": "A condition: it is asked when it holds. Empty: always.",
        "check": "A condition about the answer, as umur(nik) >= 17.",
        "check_says": "What a citizen reads when the check does not hold.",
        "most": "Characters of a text, or the largest number.",
        "options": "Of choice and choices.",
        "page": "Fields with the same name stand on one page.",
    },
    "Requirement": {
        "how": "bring: to the counter. photo: taken at the kiosk.",
        "when": "A condition about the answers. Empty: of everybody.",
    },
    "Fee": {
        "rupiah": "0 is free of charge; null is computed elsewhere, and note says how.",
        "when": "A condition about the answers. Empty: of everybody.",
    },
    "Duration": {"working_days": "0 is the same day; null where the law says none."},
    "Step": {
        "state": "Where the submission is.",
        "by": "Who brings it further, as people call them.",
        "days": "Working days for it.",
        "to": "Where it may go from there.",
    },
    "Queue": {"letter": "A to Z.", "quota": "Tickets a day; 0 without limit."},
    "Retention": {"days": "After it has ended."},
    "Valid": {
        "since": "First day, YYYY-MM-DD. Empty: at once.",
        "until": "Last day. Empty: for ever.",
        "review": "When it must be looked at again.",
    },
}


def schema() -> dict[str, Any]:
    """With descriptions in English; what `document.read` refuses, it refuses."""
    made = msgspec.json.schema(Service)
    for name, part in made["$defs"].items():
        part["title"] = name
        part["description"] = " ".join(part.get("description", "").split())
        for field, says in _SAYS.get(name, {}).items():
            part["properties"][field] = _described(part["properties"][field], says)
    return {
        "$schema": DIALECT,
        "title": "Service pack (paket layanan)",
        "description": "Everything an office says about one of its services, in one document.",
        **made,
    }


def _described(field: dict[str, Any], says: str) -> dict[str, Any]:
    """An `enum` or a `$ref` takes a description beside it since 2019-09."""
    return {**field, "description": says}
