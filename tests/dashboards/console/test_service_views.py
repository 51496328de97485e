"""The pages of services: who may do what, in whose tenant, and what a refusal says."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from controller.people.powers import EVERYWHERE
from controller.services import read
from controller.services.shapes import Line
from controller.store.citizen_tables import pack
from controller.store.engine import writing
from controller.store.people_tables import audit
from tests.dashboards.console.conftest import Fleet
from tests.support.service_desk import As, as_, told_services
from tests.support.showcase_services import Told
from wire.service.document import Service

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


def test_what_cannot_be_published_by_now_says_why_and_cannot_be_chosen(
    as_: As, told_services: Told, fleet: Fleet
) -> None:
    one = told_services.approved
    with writing(fleet.engine) as conn:
        document = one.document | {"regions": ["32.04.99"]}
        conn.execute(update(pack).where(pack.c.id == one.id).values(document=document))
    text = as_().get("/services/publish").text
    assert f'id="pick-{one.id}" disabled' in text
    assert "Wilayah 32.04.99 tidak ada." in text


PIECES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(["id", "code"]), inner)
    ),
    max_leaves=4,
)


def paths_of(found: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """To every piece of a document."""
    rows = found.items() if isinstance(found, dict) else enumerate(found)
    for key, value in rows:
        yield (*here, key)
        if isinstance(value, dict | list):
            yield from paths_of(value, (*here, key))


def spoilt(document: dict[str, Any], at: tuple[Any, ...], piece: Any) -> dict[str, Any]:
    found = deepcopy(document)
    inner: Any = found
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = piece
    return found


def test_a_document_of_a_wrong_shape_is_a_page_that_says_who_must_act(
    as_: As, told_services: Told, fleet: Fleet
) -> None:
    client, one = as_(), told_services.draft
    everywhere = sorted(paths_of(one.document), key=str)

    @settings(max_examples=12, deadline=None, database=None)
    @given(st.sampled_from(everywhere), PIECES, st.sampled_from(["draft", "review", "approved"]))
    @example(("name",), "teks", "draft")
    @example(("fields",), {"id": 1}, "review")
    @example(("fields", 0), None, "approved")
    @example(("standard",), [], "review")
    @example(("standard", "requirements", 0, "name"), 7, "draft")
    @example(("queue",), 7, "draft")
    @example(("agency",), {"id": []}, "review")
    def never_a_mistake(at: tuple[Any, ...], piece: Any, state_: str) -> None:
        document = spoilt(one.document, at, piece)
        with writing(fleet.engine) as conn:
            same = pack.c.id == one.id
            conn.execute(update(pack).where(same).values(document=document, state=state_))
        page = client.get(f"/services/{one.id}")
        assert page.status_code == 200
        try:
            msgspec.convert(document, Service)
        except msgspec.ValidationError:
            assert f'id="{"complaints" if state_ == "draft" else "unreadable"}"' in page.text
            assert 'id="approve"' not in page.text
            assert client.post(f"/services/{one.id}/approve").status_code == 409
        for path in ("", f"/{one.id}/edit", f"/{one.id}/file.json", "/publish"):
            assert client.get(f"/services{path}").status_code < 400, path
        if state_ == "draft":
            saved = client.post(
                f"/services/{one.id}/edit", data={"version": "1", "name.id": "Baru"}
            )
            assert saved.status_code in (303, 409)

    never_a_mistake()


def test_publishing_needs_a_folder_of_releases(as_: As, told_services: Told) -> None:
    client = as_()
    assert "Kecamatan" in client.get("/services").text
    assert f'value="{told_services.approved.id}"' in client.get("/services/publish").text
    answer = client.post("/services/publish", data={"pack": told_services.approved.id, "note": "x"})
    assert answer.status_code == 409
    assert "--releases" in answer.text
