"""The form of a service pack, beside what a kiosk would show of it."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, get_args

from controller.jobs.refused import Refused
from controller.services import beside, read, tenants
from controller.services.form import options_text
from controller.services.shaped import shaped
from controller.services.sheet_read import got
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Page
from dashboards.console.pages.service import said
from dashboards.console.pages.subject import subject_of
from dashboards.console.preview import Preview
from wire.service.document import STATES, FieldKind

KINDS: Final = get_args(FieldKind)
LEVELS: Final = ("center", "agency", "district", "village")
MODES: Final = ("info", "apply", "queue", "guide")
LANGUAGES: Final = ("id", "su", "en")
FURTHER: Final = (
    "facilities", "competence", "supervision", "staff", "service_guarantee", "safety_guarantee",
    "evaluation",
)  # fmt: skip
WHOLE: Final[Mapping[str, Mapping[str, Any]]] = {  # a row with all its inputs
    "fields": {
        "name": "", "kind": "text", "label": None, "hint": None, "required": True,
        "secret": False, "when": "", "check": "", "check_says": None, "most": None,
        "options": (), "page": "",
    },
    "standard.requirements": {
        "code": "", "name": None, "how": "bring", "required": True, "when": "",
    },
    "standard.procedure": {},
    "standard.fees": {"name": None, "rupiah": None, "note": None, "when": ""},
    "steps": {"state": "", "by": "", "days": None, "to": ()},
    "handover": {"name": None, "url": "", "bring": None},
}  # fmt: skip
SECTIONS: Final = (
    "about", "standard", "requirements", "procedure", "fees", "fields", "steps", "more",
)  # fmt: skip


def load(preview: Preview | None, ask: Ask) -> Mapping[str, Any]:
    """Raises Refused (`unknown`, `state`: it is no draft), Outside."""
    one = read.seen(ask.conn, int(ask.request.path_params["pack_id"]), ask.scope("service.edit"))
    if one.state != "draft":
        raise Refused("state", f"{one.code} is {one.state}")
    return {
        "one": one,
        **form(preview, ask, one.tenant, one.document),
        "version": one.version,
        "told": "",
        "refusal": "",
    }


def form(
    preview: Preview | None, ask: Ask, tenant_code: str, document: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What the fields are made of, for a document that may be unsound."""
    tenant = tenants.find(ask.conn, tenant_code)
    found = beside.examined(ask.conn, {**document, "tenant": tenant_code}).complaints
    subject = subject_of(ask.conn, tenant_code, document)
    document = shaped(document)
    return {
        "document": document,
        "got": lambda path: got(document, path),
        "rows": lambda path: rows(document, path),
        "tenant": tenant,
        "kinds": KINDS,
        "levels": LEVELS,
        "modes": MODES,
        "states": STATES,
        "languages": LANGUAGES,
        "further": FURTHER,
        "sections": SECTIONS,
        "options_text": options_text,
        "complaints": [said(one, ask.t) for one in found],
        "pages": preview.pages(subject, ask.t.language) if preview else [],
        "has_preview": preview is not None,
    }


def rows(document: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
    """The items of a list, each with everything the form asks of it."""
    found = got(document, path)
    items = found if isinstance(found, list) else []
    return [{**WHOLE[path], **one} for one in items if isinstance(one, Mapping)]


def page(preview: Preview | None) -> Page:
    return Page("service_edit.html", "services", (), partial(load, preview))
