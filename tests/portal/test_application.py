"""What is handed in of an application, and how it is read once more."""

from typing import Any

import msgspec
import pytest

from portal import application
from portal.forms import Application
from portal.handing import Handed
from portal.printing import Printer
from tests.support.filling import NIK, ask
from tests.support.offered import FIELDS, MONDAY, pack, service, words
from wire.service import days
from wire.service.document import Service, read

ANSWERS = {"nik": NIK, "nama": "Warga Contoh", "untuk": "lain", "sekolah": "dari dulu"}


def filled(made: Service | None = None, **more: Any) -> Application:
    return Application(made or pack("KEC-SKTM-01"), answers=dict(ANSWERS), **more)


def changed(**more: Any) -> Service:
    said = service("KEC-SKTM-01", "SKTM", modes=["apply"], fields=FIELDS)
    return read(msgspec.json.encode(said | more))


def test_the_rows_follow_the_questions_and_mask_what_is_secret() -> None:
    rows = application.rows(ask(), filled(phone="081200004321"))
    assert [one.said for one in rows] == [
        "3273••••••••0009", "Warga Contoh", "Lainnya", "••••••••4321",
    ]  # fmt: skip
    assert rows[0].change == "/perizinan/KEC-SKTM-01/isi/nik"
    assert rows[-1].change == "/perizinan/KEC-SKTM-01/kontak"


def test_only_what_was_asked_is_handed_in() -> None:
    draft = application.draft(ask(), filled(phone="081200004321"))
    assert draft.fields == {"nik": NIK, "nama": "Warga Contoh", "untuk": "lain"}
    assert (draft.kind, draft.service, draft.revision) == ("apply", "KEC-SKTM-01", 1)
    assert (draft.contact.name, draft.contact.phone, draft.tail) == (
        "Warga Contoh", "081200004321", "4321",
    )  # fmt: skip
    assert draft.place == "32.73.02"


def test_the_village_that_was_answered_is_the_place() -> None:
    village = {"name": "desa", "kind": "village", "label": words("Desa")}
    app = filled(changed(fields=[*FIELDS, village]))
    app.answers["desa"] = "32.73.05.1001"
    assert application.draft(ask(), app).place == "32.73.05.1001"


def test_doubts_that_were_confirmed_go_along_unless_the_question_is_gone() -> None:
    app = filled(warnings={"nik": ("old",), "sekolah": ("odd",)})
    assert application.draft(ask(), app).warnings == ("old",)


@pytest.mark.parametrize(("limit", "day"), [(1, "2026-11-24"), (0, "2026-11-23"), (None, "")])
def test_the_promise_is_that_of_the_standard_in_working_days(limit: int | None, day: str) -> None:
    made = changed()
    standard = msgspec.structs.replace(
        made.standard, duration=msgspec.structs.replace(made.standard.duration, working_days=limit)
    )
    due = application.due(ask(), filled(msgspec.structs.replace(made, standard=standard)))
    assert (days.iso(days.from_millis(due, 420)) if due else "") == day


def test_a_pack_may_have_a_receipt_of_its_own_which_masks_secrets() -> None:
    made = changed(receipt={"thermal": "Nomor {{ nomor }} {{ isian.nik }} {{ isian.nama }}"})
    handed = Handed("261123-0001-ABCDE-F", MONDAY, 0, made.code)
    text = application.receipt(ask(), filled(made), handed)
    assert "261123-0001-ABCDE-F" in text
    assert "Warga Contoh" in text
    assert NIK not in text
    assert application.receipt(ask(), filled(), handed) == ""


class Paper(Printer):
    """Its queue is set to sheets, or to a roll."""

    def __init__(self, *, sheets: bool) -> None:
        super().__init__("kantor")
        self._sheets = sheets

    def has_sheets(self) -> bool:
        return self._sheets


@pytest.mark.parametrize(("sheets", "says"), [(True, "Lembar"), (False, "Rol")])
def test_a_kiosk_with_sheets_prints_what_the_pack_wrote_for_them(
    *, sheets: bool, says: str
) -> None:
    made = changed(receipt={"thermal": "Rol {{ nomor }}", "page": "Lembar {{ nomor }}"})
    handed = Handed("261123-0001-ABCDE-F", MONDAY, 0, made.code)
    at = ask(its={"printer": Paper(sheets=sheets)})
    assert application.receipt(at, filled(made), handed).startswith(says)
