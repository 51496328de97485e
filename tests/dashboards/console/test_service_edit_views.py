"""A pack is written by form or by file; nothing typed is lost, nothing is kept that was shown."""

import io
import json
from typing import Any

import pytest
from openpyxl import Workbook
from starlette.testclient import TestClient

from controller.services import doors, read
from controller.services.shapes import Pack
from tests.dashboards.console.conftest import Fleet
from tests.support.service_desk import As, as_, told_services
from tests.support.showcase_services import STARTER, Told

__all__ = ["as_", "told_services"]
OFFICER = ("officer", "32.73")


def found(fleet: Fleet, number: int) -> Pack:
    with fleet.engine.connect() as conn:
        return read.find(conn, number)


def save(client: TestClient, one: Pack, **typed: Any) -> Any:
    data = {"version": str(one.version), "do": "save", **typed}
    return client.post(f"/services/{one.id}/edit", data=data)


def bring(client: TestClient, name: str, body: bytes) -> Any:
    return client.post("/services/import", files={"file": (name, body)}, data={"tenant": "32.73"})


def test_what_is_typed_is_kept(as_: As, told_services: Told, fleet: Fleet) -> None:
    client = as_("penyusun", OFFICER)
    one = told_services.draft
    assert client.get(f"/services/{one.id}/edit").status_code == 200
    answer = save(client, one, **{"name.su": "Serat", "decree": "SK 5"})
    assert answer.headers["location"] == f"/services/{one.id}/edit?told=save"
    kept = found(fleet, one.id)
    assert (kept.document["name"]["su"], kept.document["decree"]) == ("Serat", "SK 5")
    assert "Tersimpan" in client.get(answer.headers["location"]).text


def test_of_two_officers_on_one_draft_the_second_keeps_what_they_typed(
    as_: As, told_services: Told, fleet: Fleet
) -> None:
    one = told_services.draft
    save(as_("penyusun", OFFICER), one, decree="SK penyusun")
    late = save(as_("budi", OFFICER), one, decree="SK lambat")
    assert late.status_code == 409
    assert "SK lambat" in late.text
    assert "lebih dulu" in late.text
    assert found(fleet, one.id).document["decree"] == "SK penyusun"


def test_a_button_adds_a_row_and_keeps_the_rest(as_: As, told_services: Told, fleet: Fleet) -> None:
    one = told_services.draft
    answer = save(as_("penyusun", OFFICER), one, do="add fields", decree="SK 6")
    assert answer.headers["location"].endswith("/edit#fields")
    kept = found(fleet, one.id).document
    assert len(kept["fields"]) == len(one.document["fields"]) + 1
    assert kept["decree"] == "SK 6"


def test_it_is_saved_and_sent_to_review_at_once(as_: As, told_services: Told, fleet: Fleet) -> None:
    answer = save(as_("penyusun", OFFICER), told_services.draft, do="submit")
    assert answer.headers["location"].endswith("told=submit")
    assert found(fleet, told_services.draft.id).state == "review"
    assert (
        as_("penyusun", OFFICER).get(f"/services/{told_services.draft.id}/edit").status_code == 303
    )


def test_what_is_unsound_stays_a_draft_and_says_so(
    as_: As, told_services: Told, fleet: Fleet
) -> None:
    answer = save(as_("penyusun", OFFICER), told_services.draft, do="submit", agency="entah")
    assert answer.status_code == 409
    assert "entah" in answer.text
    assert found(fleet, told_services.draft.id).state == "draft"


def test_a_form_of_sixty_questions_is_not_too_long(as_: As, told_services: Told) -> None:
    typed = {f"fields[{n}].label.{tongue}{m}": "x" for n in range(60) for m in range(6)
             for tongue in ("id", "su", "en")}  # fmt: skip
    assert save(as_("penyusun", OFFICER), told_services.draft, **typed).status_code == 303


def test_markup_in_a_name_is_text(as_: As, told_services: Told) -> None:
    client = as_("penyusun", OFFICER)
    one = told_services.draft
    save(client, one, **{"name.id": "<script>alert(1)</script>"})
    for path in (f"/services/{one.id}", f"/services/{one.id}/edit", "/services"):
        text = client.get(path).text
        assert "<script>alert" not in text, path
        assert "&lt;script&gt;alert" in text, path


def test_a_new_service_begins_with_a_name_and_a_code(as_: As) -> None:
    client = as_("penyusun", OFFICER)
    assert "Kabupaten" not in client.get("/services/new").text
    typed = {"tenant": "32.73", "code": "kec-baru-1", "name": "Layanan baru"}
    made = client.post("/services/new", data=typed)
    assert made.status_code == 303
    page = client.get(made.headers["location"])
    assert "Perlu dibetulkan" in page.text
    again = client.post("/services/new", data=typed)
    assert again.status_code == 409
    assert "sudah ada" in again.text
    elsewhere = client.post("/services/new", data={**typed, "tenant": "32.04", "code": "KEC-X-1"})
    assert elsewhere.status_code == 403


@pytest.mark.parametrize("kind", sorted(doors.TYPES))
def test_a_file_becomes_the_draft(as_: As, told_services: Told, fleet: Fleet, kind: str) -> None:
    document = {**told_services.draft.document, "decree": "SK berkas"}
    answer = bring(as_("penyusun", OFFICER), f"sktm.{kind}", doors.write(document, kind))
    assert answer.headers["location"] == f"/services/{told_services.draft.id}?told=replace"
    assert found(fleet, told_services.draft.id).document["decree"] == "SK berkas"


def test_a_file_that_cannot_be_taken_says_why_and_where(as_: As) -> None:
    client = as_("penyusun", OFFICER)
    book = Workbook()
    book.worksheets[0].title = "layanan"
    book.worksheets[0]["A1"] = "kunci"
    book.worksheets[0]["A2"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    answer = bring(client, "a.xlsx", out.getvalue())
    assert answer.status_code == 422
    assert "Rumus tidak dipakai" in answer.text
    assert "layanan, baris 2" in answer.text
    for name, body in (("a.xlsx", b"PK"), ("a.exe", b""), ("a.yaml", b"- x")):
        assert bring(client, name, body).status_code == 422, name
    assert client.post("/services/import", data={"tenant": "32.73"}).status_code == 422


def test_a_file_of_another_government_is_refused(as_: As) -> None:
    body = (STARTER / "tenants/32.04/services/DUK-KK.json").read_bytes()
    assert bring(as_("penyusun", OFFICER), "a.json", body).status_code == 403
    odd = json.dumps({**json.loads(body), "tenant": "11.11"}).encode()
    assert bring(as_("penyusun", OFFICER), "a.json", odd).status_code == 409


def test_a_preview_runs_nothing_and_is_framed_by_us_alone(as_: As, told_services: Told) -> None:
    client = as_("penyusun", OFFICER)
    at = f"/services/{told_services.draft.id}"
    for answer in (client.get(f"{at}/preview"), client.post(f"{at}/preview", data={"version": 1})):
        policy = answer.headers["content-security-policy"]
        assert answer.status_code == 200
        assert "sandbox" in policy
        assert "frame-ancestors 'self'" in policy
        assert "script-src" not in policy
    assert "frame-src 'self'" in client.get(at).headers["content-security-policy"]
    assert "frame-src" not in client.get("/services").headers["content-security-policy"]


def test_what_nobody_knows_is_missing(as_: As) -> None:
    client = as_()
    for path in ("/services/9999/edit", "/services/9999/preview"):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"do": "save"}).status_code == 404
