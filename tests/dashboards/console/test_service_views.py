"""The pages of services: who may do what, in whose tenant, and what a refusal says."""

import pytest
from sqlalchemy import select

from controller.people.powers import EVERYWHERE
from controller.services import read
from controller.services.shapes import Line
from controller.store.people_tables import audit
from tests.dashboards.console.conftest import Fleet
from tests.support.service_desk import As, as_, told_services
from tests.support.showcase_services import Told

__all__ = ["as_", "told_services"]
HEAD = ("supervisor", "32.73")


def state(fleet: Fleet, number: int) -> str:
    with fleet.engine.connect() as conn:
        return read.find(conn, number).state


def test_the_list_shows_both_governments_and_finds_by_name(as_: As) -> None:
    client = as_()
    text = client.get("/services").text
    assert "Kota Bandung" in text
    assert "Kabupaten Bandung" in text
    found = client.get("/services", params={"q": "tidak mampu", "tenant": "32.73"}).text
    assert found.count('data-row data-mark="') == 1
    assert "contoh, belum disahkan" in found


def test_somebody_of_one_government_sees_nothing_of_the_other(as_: As, told_services: Told) -> None:
    client = as_("kab", ("supervisor", "32.04"))
    assert "Kota Bandung" not in client.get("/services").text
    at = f"/services/{told_services.draft.id}"
    for path in (at, f"{at}/file.json", f"{at}/preview", f"{at}/edit"):
        assert client.get(path).status_code == 403, path
    for path in ("submit", "drop", "approve", "back", "edit", "preview"):
        assert client.post(f"{at}/{path}", data={"why": "x"}).status_code == 403, path


def test_an_officer_of_one_district_reads_and_does_not_write(
    as_: As, told_services: Told, fleet: Fleet
) -> None:
    client = as_("camat", ("officer", "32.73.05"))
    at = f"/services/{told_services.draft.id}"
    assert client.get(at).status_code == 200
    assert client.post(f"{at}/submit").status_code == 403
    assert state(fleet, told_services.draft.id) == "draft"


def test_a_second_person_approves_and_the_first_is_told_why_not(
    as_: As, told_services: Told, fleet: Fleet
) -> None:
    at = f"/services/{told_services.review.id}"
    writer = as_("penyusun", HEAD)
    assert 'id="approve"' not in writer.get(at).text
    refused = writer.post(f"{at}/approve")
    assert refused.status_code == 409
    assert "orang lain" in refused.text
    second = as_("kepala", HEAD)
    assert 'id="approve"' in second.get(at).text
    assert second.post(f"{at}/approve").headers["location"] == f"{at}?told=approve"
    assert state(fleet, told_services.review.id) == "approved"
    with fleet.engine.connect() as conn:
        said = conn.execute(select(audit).where(audit.c.what == "service.approve")).all()
    assert said[-1].who == "kepala"


def test_what_changes_is_shown_in_words(as_: As, told_services: Told) -> None:
    text = as_().get(f"/services/{told_services.review.id}").text
    assert "Ringkasan · Indonesia" in text
    assert "Isian keterangan" in text
    assert 'class="old"' in text


def test_it_is_sent_back_with_a_reason_and_dropped(
    as_: As, told_services: Told, fleet: Fleet
) -> None:
    at = f"/services/{told_services.review.id}"
    client = as_("kepala", HEAD)
    assert client.post(f"{at}/back", data={"why": ""}).status_code == 409
    assert client.post(f"{at}/back", data={"why": "<b>Biaya</b>"}).status_code == 303
    text = client.get(at).text
    assert "&lt;b&gt;Biaya" in text
    assert client.post(f"{at}/drop").status_code == 303
    assert state(fleet, told_services.review.id) == "dropped"


def test_a_published_one_begins_its_next_revision_or_ends(
    as_: As, told_services: Told, fleet: Fleet
) -> None:
    client = as_("kepala", HEAD)
    (other,) = [one for one in lines(fleet) if one.code == "DUK-KK" and one.tenant == "32.73"]
    assert other.shown is not None
    made = client.post(f"/services/{other.shown.id}/revise")
    assert made.headers["location"].endswith("/edit")
    assert client.post(f"/services/{told_services.published.id}/retire").status_code == 303
    assert state(fleet, told_services.published.id) == "retired"


def lines(fleet: Fleet) -> list[Line]:
    with fleet.engine.connect() as conn:
        return read.lines(conn, EVERYWHERE)


@pytest.mark.parametrize("kind", ["xlsx", "yaml", "json"])
def test_it_is_given_away_as_a_file(as_: As, told_services: Told, kind: str) -> None:
    answer = as_().get(f"/services/{told_services.draft.id}/file.{kind}")
    assert answer.status_code == 200
    assert f"32.73-KEC-SKTM-2.{kind}" in answer.headers["content-disposition"]


def test_what_nobody_knows_is_missing(as_: As, told_services: Told) -> None:
    client = as_()
    at = f"/services/{told_services.draft.id}"
    for path in ("/services/9999", "/services/9999/file.json", f"{at}/file.exe"):
        assert client.get(path).status_code == 404, path
    assert client.post("/services/9999/submit").status_code == 404


def test_publishing_needs_a_folder_of_releases(as_: As, told_services: Told) -> None:
    client = as_()
    assert "Kecamatan" in client.get("/services").text
    assert f'value="{told_services.approved.id}"' in client.get("/services/publish").text
    answer = client.post("/services/publish", data={"pack": told_services.approved.id, "note": "x"})
    assert answer.status_code == 409
    assert "--releases" in answer.text
