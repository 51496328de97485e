"""Complaining: first whether somebody is in danger, then what, where, the story, who, the check.

Owns these addresses and what each shows; portal/complaint.py says what is asked next. One touch
answers each of the first three. Pictures and the pin on the map stand beside the story: who does
not want them never sees a screen of them.
"""

from http import HTTPStatus
from typing import Any, Final

from portal import complaint, handover, outline, summary
from portal.answer import Answer, go, page
from portal.asked import Ask
from portal.assets import SVG
from portal.complaint import ANONYMITIES, CLASSES, STEPS, Complaint, Tried
from portal.handing import Handed
from portal.handover import today
from portal.press import IDLE_FORM_S
from wire.service import values
from wire.service.tenant import District

HOME: Final = "/pengaduan"
DRAFT: Final = "complain"
NOTHING: Final = Tried({})
_OURS: Final = ("short", "pin")  # problems that the portal's own texts tell


def gate(ask: Ask) -> Answer:
    """Is somebody in danger? If not: what it is."""
    return page(
        ask,
        "complain/gate.html",
        classes=CLASSES,
        emergency=ask.catalogue.tenant.emergency,
        why_not=handover.why_not(ask),
        begun=_draft(ask) is not None,
    )


def begin(ask: Ask) -> Answer:
    chosen = ask.one("class")
    if chosen not in CLASSES or handover.why_not(ask):
        return gate(ask)
    told = _draft(ask)
    if told is None or told.handed:
        told = ask.sitting.drafts[DRAFT] = Complaint()
    told.class_ = chosen
    return _next(told)


def categories(ask: Ask) -> Answer:
    told = _draft(ask)
    if told is None or told.handed:
        return _onward(told)
    if ask.method == "POST" and ask.one("category") in ask.catalogue.categories:
        told.category, told.like = ask.one("category"), ""
        return _next(told)
    return _step(ask, told, "kategori", categories=ask.catalogue.tenant.categories)


def place(ask: Ask) -> Answer:
    """The villages of the kiosk's own kecamatan at once, those of others one touch away."""
    told = _draft(ask)
    if told is None or told.handed:
        return _onward(told)
    if ask.method == "POST" and ask.one("village") in ask.catalogue.villages:
        if told.village != ask.one("village"):
            told.village, told.point, told.like = ask.one("village"), None, ""
        return _next(told)
    here = ask.query.get("kec") or told.village[:8] or ask.its.site[:8]
    districts = sorted(
        (one for one in ask.catalogue.places.districts if one.villages), key=lambda one: one.name
    )
    chosen = ask.catalogue.districts.get(here) or districts[0]
    return _step(ask, told, "tempat", chosen=chosen, districts=districts)


def story(ask: Ask) -> Answer:
    told = _draft(ask)
    if told is None or told.handed or not told.village:
        return _onward(told)
    tried = NOTHING
    known = complaint.alike(told, sync.reported if (sync := ask.its.sync()) else ())
    if ask.method == "POST":
        tried = complaint.tell(told, ask.form, today(ask))
        told.like = known.number if known and ask.one("like") else ""
        if (then := ask.one("then")) in _DETOURS and tried.loses_nothing:
            return go(_DETOURS[then])
        if tried.done:
            return _next(told)
    return _step(ask, told, "cerita", known=known, **_typed(ask, told, tried, "text", "where"))


def who(ask: Ask) -> Answer:
    told = _draft(ask)
    if told is None or told.handed or not told.text:
        return _onward(told)
    tried = NOTHING
    if ask.method == "POST":
        tried = complaint.introduce(told, ask.form, today(ask))
        if tried.done:
            return _next(told)
    chosen = ask.one("anonymity") or told.anonymity or ""
    said = _typed(ask, told, tried, "name", "phone", "pin")
    return _step(ask, told, "pelapor", anonymities=ANONYMITIES, chosen=chosen, **said)


def check(ask: Ask) -> Answer:
    """Everything once more; POST hands it in."""
    told = _draft(ask)
    if told is None or told.handed or complaint.open_step(told) != "periksa":
        return _onward(told)
    why = ""
    if ask.method == "POST":
        tenant = ask.catalogue.tenant
        due = _clocks(ask).answered
        handed = handover.hand_in(ask, complaint.draft(told, tenant, ask.sitting.language, due))
        if not isinstance(handed, str):
            told.handed = handed
            return go(f"{HOME}/{_printed(ask, told, handed)}")
        why = handed
    return _step(
        ask,
        told,
        "periksa",
        category=ask.catalogue.categories[told.category],
        place=summary.place_name(ask.catalogue, told.village),
        why_not=why,
    )


def _printed(ask: Ask, told: Complaint, handed: Handed) -> str:
    """The paper, and the way to the receipt."""
    days = [handover.day(ask, moment) for moment in _clocks(ask, handed.made_at)]
    keys = ("verified", "answered", "closed")
    clocks = [
        f"{ask.t(f'complain.clock.{key}')} {day}" for key, day in zip(keys, days, strict=True)
    ]
    category = ask.catalogue.categories[told.category].name.of(ask.sitting.language)
    lines = [category, *clocks, "", handover.status_line(ask, told.tail)]
    return handover.receipt(ask, handed, lines)


def receipt(ask: Ask) -> Answer:
    told = _draft(ask)
    if told is None or told.handed is None:
        return _onward(told)
    return page(
        ask,
        "complain/receipt.html",
        handed=told.handed,
        qr=handover.qr(told.handed.number),
        tail=told.tail,
        clocks=[handover.day(ask, moment) for moment in _clocks(ask, told.handed.made_at)],
    )


def pin(ask: Ask) -> Answer:
    """A touch on the outline; the same touch anew moves the pin."""
    told = _draft(ask)
    if told is None or told.handed or not told.village:
        return _onward(told)
    district = _district(ask, told)
    if ask.method == "POST":
        if ask.one("away"):
            told.point = None
        elif (seen := outline.frame(district)) and (touch := _touch(ask)):
            told.point = seen.touched(*touch) or told.point
        return go(f"{HOME}/peta")
    return page(
        ask,
        "complain/map.html",
        told=told,
        district=district,
        outside=told.point is not None and not outline.holds(district, told.point),
        drawn=outline.frame(district) is not None,
        side=outline.SIDE,
        back=f"{HOME}/cerita",
        idle=IDLE_FORM_S,
    )


def map_picture(ask: Ask) -> Answer:
    told = _draft(ask) or Complaint(village=ask.its.site)
    drawn = outline.picture(_district(ask, told), ask.catalogue.places.districts, told.point)
    return Answer(HTTPStatus.OK, SVG, drawn.encode())


_DETOURS: Final = {"foto": "/foto/pengaduan/bukti", "peta": f"{HOME}/peta"}


def _step(ask: Ask, told: Complaint, path: str, **fields: Any) -> Answer:
    """A screen of the form, with how far it is and the way back."""
    return page(
        ask,
        f"complain/{path}.html",
        told=told,
        action=f"{HOME}/{path}",
        back=f"{HOME}/{complaint.before(path)}".removesuffix("/"),
        progress=(STEPS.index(path) + 1, len(STEPS)),
        idle=IDLE_FORM_S,
        **fields,
    )


def _typed(ask: Ask, told: Complaint, tried: Tried, *names: str) -> dict[str, object]:
    """What stands in each field, and what is wrong with it, as a sentence."""
    return {
        "typed": {name: ask.one(name) if ask.form else getattr(told, name) for name in names},
        "problems": {name: _says(ask, name, code) for name, code in tried.problems.items()},
    }


def _says(ask: Ask, name: str, code: str) -> str:
    if code in _OURS or name not in complaint.FIELDS:
        return ask.t(f"complain.wrong.{code}")
    return values.says(code, complaint.FIELDS[name]).of(ask.sitting.language)


def _clocks(ask: Ask, since: int | None = None) -> complaint.Clocks:
    catalogue = ask.catalogue
    moment = ask.its.clock() if since is None else since
    return complaint.clocks(moment, catalogue.holidays, catalogue.tenant.utc_offset_min)


def _district(ask: Ask, told: Complaint) -> District:
    districts = ask.catalogue.districts
    return districts.get(told.village[:8]) or next(iter(districts.values()))


def _touch(ask: Ask) -> tuple[float, float] | None:
    """Where the picture was touched, in its own units, however large it is shown."""
    try:
        x, y, width = (float(ask.one(name)[:12]) for name in ("pin.x", "pin.y", "width"))
    except ValueError:
        return None
    if not 1 <= width <= 10_000:
        return None
    return x * outline.SIDE / width, y * outline.SIDE / width


def _next(told: Complaint) -> Answer:
    return go(f"{HOME}/{complaint.open_step(told)}")


def _onward(told: Complaint | None) -> Answer:
    if told is None:
        return go(HOME)
    return go(f"{HOME}/tanda-terima") if told.handed else _next(told)


def _draft(ask: Ask) -> Complaint | None:
    found = ask.sitting.drafts.get(DRAFT)
    return found if isinstance(found, Complaint) else None
