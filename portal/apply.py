"""Applying: the notice, the questions, the check with the papers to bring, the receipt.

Owns these addresses and what each shows; portal/forms.py says which comes next. A citizen who goes
back finds what they wrote; one who came by an old address is led to what is open. What was handed
in is shown as its receipt, whatever is asked for again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from portal import application, asking, forms, handover, inform
from portal.answer import Answer, go, page
from portal.asked import Ask
from portal.forms import Application, Tried
from portal.handing import Handed
from portal.handover import today
from portal.press import IDLE_FORM_S
from portal.summary import Reader
from wire.service import form, values
from wire.service.document import Field, Service, Words
from wire.service.form import Page

HOME: Final = "/perizinan"
PHONE: Final = Field(name="phone", kind="phone", label=Words(id="-"), required=False)
NOTHING: Final = Tried()


def offered(ask: Ask) -> Answer:
    """What can be applied for here, and what we can only lead to, by group."""
    day = "-".join(f"{part:02}" for part in today(ask))
    wanted = [one for one in ask.catalogue.on(day) if {"apply", "guide"} & set(one.modes)]
    groups = [
        (group, [one for one in wanted if one.group == code])
        for code, group in ask.catalogue.groups.items()
    ]
    return page(ask, "apply/offered.html", groups=[one for one in groups if one[1]])


def begin(ask: Ask) -> Answer:
    """What it takes, what becomes of the data, and the way in."""
    if (service := _service(ask)) is None:
        return go(HOME)
    if "apply" not in service.modes:
        return go(f"/informasi/{service.code}")
    now = today(ask)
    draft = _draft(ask)
    return page(
        ask,
        "apply/begin.html",
        service=service,
        duration=inform.duration(ask, service),
        papers=form.requirements(service, {}, now),
        fees=form.fees(service, {}, now),
        steps=len(forms.steps(draft or Application(service), now)),
        begun=draft is not None and not draft.handed,
        why_not=handover.why_not(ask),
        idle=IDLE_FORM_S,
    )


def start(ask: Ask) -> Answer:
    """The citizen has read the notice. Who was in the middle of it goes on."""
    service = _service(ask)
    if service is None or "apply" not in service.modes or handover.why_not(ask):
        return begin(ask)
    draft = _draft(ask)
    if draft is None or draft.handed or ask.one("anew"):
        draft = ask.sitting.drafts[_key(ask)] = Application(service)
    return go(f"{draft.base}/{forms.open_step(draft, today(ask)) or 'periksa'}")


def question(ask: Ask) -> Answer:
    draft = _draft(ask)
    found = None if draft is None else forms.find(draft, ask.args["page"], today(ask))
    if draft is None or draft.handed or found is None:
        return _onward(ask, draft)
    return _shown(ask, draft, found, NOTHING, ask.form or None)


def answered(ask: Ask) -> Answer:
    """On, or the same screen again with what is wrong beside the field."""
    draft = _draft(ask)
    found = None if draft is None else forms.find(draft, ask.args["page"], today(ask))
    if draft is None or draft.handed or found is None:
        return _onward(ask, draft)
    tried = forms.answer(draft, found, ask.form, today(ask), ask.catalogue.villages)
    if ask.one("then") and tried.loses_nothing:  # to the camera, and back to this screen
        return go(_camera(ask))
    if tried.done:
        return go(forms.after(draft, forms.Step("ask", found).path, today(ask)))
    again = forms.find(draft, found.name, today(ask)) or found
    return _shown(ask, draft, again, tried, ask.form)


def contact(ask: Ask) -> Answer:
    """Only where no question asks for a telephone."""
    draft = _draft(ask)
    if draft is None or draft.handed:
        return _onward(ask, draft)
    problem, typed = "", ask.one("phone") or draft.phone
    if ask.method == "POST":
        taken = values.take(PHONE, ask.form.get("phone", ()), today(ask))
        if not taken.problem:
            draft.phone, draft.contact_seen = str(taken.value or ""), True
            return go(forms.after(draft, "kontak", today(ask)))
        problem = values.says(taken.problem, PHONE).of(ask.sitting.language)
        typed = ask.one("phone")
    return _step(ask, draft, "kontak", "apply/contact.html", problem=problem, typed=typed)


def check(ask: Ask) -> Answer:
    """Everything once more, and what to bring: nobody should come in vain. POST hands it in."""
    draft = _draft(ask)
    if draft is None or draft.handed:
        return _onward(ask, draft)
    if path := forms.open_step(draft, today(ask), ask.catalogue.villages):
        return go(f"{draft.base}/{path}")
    draft.checked = True
    why, missing = "", forms.papers_missing(draft, today(ask))
    if ask.method == "POST" and not missing:
        handed = handover.hand_in(ask, application.draft(ask, draft))
        if not isinstance(handed, str):
            draft.handed = handed
            return go(f"{draft.base}/{_printed(ask, draft, handed)}")
        why = handed
    return _step(
        ask,
        draft,
        "periksa",
        "apply/check.html",
        rows=application.rows(ask, draft),
        papers=application.papers(ask, draft),
        missing=missing and ask.method == "POST",
        why_not=why,
    )


def _printed(ask: Ask, draft: Application, handed: Handed) -> str:
    """The paper, and the way to the receipt."""
    service, tail = draft.service, forms.tail(forms.phone_of(draft, today(ask)))
    due = handover.day(ask, handed.due)
    lines = [service.name.of(ask.sitting.language), handover.day(ask, handed.made_at)]
    lines += [f"{ask.t('apply.due')} {due}"] if due else []
    lines += ["", handover.status_line(ask, tail)]
    own = application.receipt(ask, draft, handed)
    return handover.receipt(ask, handed, lines, own)


def receipt(ask: Ask) -> Answer:
    draft = _draft(ask)
    if draft is None or draft.handed is None:
        return _onward(ask, draft)
    now = today(ask)
    return page(
        ask,
        "apply/receipt.html",
        service=draft.service,
        handed=draft.handed,
        qr=handover.qr(draft.handed.number),
        due=handover.day(ask, draft.handed.due),
        tail=forms.tail(forms.phone_of(draft, now)),
        papers=[one for one in forms.papers(draft, now) if one.how == "bring"],
    )


class Progress(NamedTuple):
    at: int
    of: int


def _shown(
    ask: Ask,
    draft: Application,
    found: Page,
    tried: Tried,
    sent: Mapping[str, Sequence[str]] | None,
) -> Answer:
    reader = Reader(ask.sitting.language, ask.t, ask.catalogue)
    return _step(
        ask,
        draft,
        forms.Step("ask", found).path,
        "apply/question.html",
        page=found,
        asked=list(asking.fields(draft, found, tried, sent, reader)),
        tried=tried,
        districts=asking.districts(reader, ask.its.site),
    )


def _step(ask: Ask, draft: Application, path: str, template: str, **fields: Any) -> Answer:
    """A screen of the form: with how far it is, and the way back."""
    now = today(ask)
    every = forms.steps(draft, now)
    return page(
        ask,
        template,
        service=draft.service,
        draft=draft,
        action=f"{draft.base}/{path}",
        back=forms.before(draft, path, now),
        progress=Progress(forms.place(every, path) + 1, len(every)),
        idle=IDLE_FORM_S,
        **fields,
    )


def _camera(ask: Ask) -> str:
    return f"/foto/{quote(ask.args['code'], safe='')}/{quote(ask.one('then')[:64], safe='')}"


def _onward(ask: Ask, draft: Application | None) -> Answer:
    """To what is open: the service, its receipt, or the first question without an answer."""
    if draft is None:
        return go(f"{HOME}/{ask.args['code']}" if _service(ask) else HOME)
    if draft.handed:
        return go(f"{draft.base}/tanda-terima")
    return go(f"{draft.base}/{forms.open_step(draft, today(ask)) or 'periksa'}")


def _key(ask: Ask) -> str:
    return f"apply:{ask.args['code']}"


def _draft(ask: Ask) -> Application | None:
    found = ask.sitting.drafts.get(_key(ask))
    return found if isinstance(found, Application) else None


def _service(ask: Ask) -> Service | None:
    return ask.catalogue.services.get(ask.args["code"])
