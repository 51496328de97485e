"""The log in sentences, its filter, and a chain that tells when somebody wrote into it."""

import pytest
from sqlalchemy import insert, text
from starlette.testclient import TestClient

from controller.people import audit
from controller.people.audit import Entry, Row
from controller.store.engine import writing
from controller.store.identity_tables import warden
from dashboards.console.pages.audit import KINDS, sentence
from dashboards.console.texts import load
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase

NOW = showcase.NOW
TEXTS = load()
EVIL = "<script>alert(1)</script>"


def wrote(fleet: Fleet, *entries: Entry) -> None:
    with writing(fleet.engine) as conn:
        audit.append_all(conn, entries, NOW)


def sealed(fleet: Fleet, n: int, at: int = NOW) -> None:
    row = dict.fromkeys((column.name for column in warden.c), 0) | {"id": 1, "lists_why": ""}
    with writing(fleet.engine) as conn:
        conn.execute(insert(warden).values({**row, "checkpoint_n": n, "checkpoint_at": at}))


def row(what: str, **detail: object) -> Row:
    return Row(1, NOW, "pagi", what, "bdg-coblong-1", "32.73.02", "::1", dict(detail), "", "")


def test_a_row_is_a_sentence_in_both_languages() -> None:
    revoked = row("identity.revoke", why="dicuri")
    assert sentence(revoked, TEXTS["id"]) == "pagi mencabut identitas bdg-coblong-1: dicuri"
    assert sentence(revoked, TEXTS["en"]) == "pagi revoked the identity of bdg-coblong-1: dicuri"
    granted = row("people.grant", grants=["technician 32.73"], before=[])
    assert "Teknisi 32.73 (sebelumnya –)" in sentence(granted, TEXTS["id"])


def test_a_part_of_the_office_is_named_in_words() -> None:
    quarantined = row("identity.enrol_refused", code="token_used")._replace(who="door")
    assert "token_used" in sentence(quarantined, TEXTS["id"])
    assert "seseorang" not in sentence(quarantined, TEXTS["id"])


def test_what_has_no_sentence_is_shown_by_its_words() -> None:
    assert sentence(row("new.thing"), TEXTS["id"]) == "new.thing: bdg-coblong-1"
    assert "–" in sentence(row("identity.revoke"), TEXTS["id"]), "what is missing is a dash"


def test_the_log_is_filtered_by_who_what_and_day(client: TestClient, fleet: Fleet) -> None:
    wrote(fleet, Entry("malam", "identity.revoke", "bdg-regol-1", detail={"why": "hilang"}))
    wrote(fleet, Entry("sore", "fault.take", "fault 1", detail={"kiosk": "k", "code": "x"}))
    assert "bdg-regol-1" in client.get("/audit?who=malam").text
    assert "bdg-regol-1" not in client.get("/audit?who=sore").text
    assert "bdg-regol-1" not in client.get("/audit?what=fault").text
    assert "bdg-regol-1" in client.get("/audit?since=2026-11-22&until=2026-11-22").text
    assert "bdg-regol-1" not in client.get("/audit?until=2026-11-21").text


@pytest.mark.parametrize("query", ["what=x", "since=yesterday", "until=2026-99-01", "page=x"])
def test_a_filter_nobody_knows_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/audit?{query}").status_code == 422


def test_every_kind_of_the_filter_has_a_name() -> None:
    assert all(TEXTS[one].known(f"audit_kind.{kind}") for kind in KINDS for one in TEXTS)


def test_a_sound_chain_that_is_sealed_is_said_to_be(client: TestClient, fleet: Fleet) -> None:
    wrote(fleet, Entry("pagi", "login"))
    assert "Belum pernah disegel" in client.get("/audit").text
    sealed(fleet, 1)
    assert "Rantai utuh" in client.get("/audit").text


def test_a_row_written_into_the_database_breaks_the_chain(client: TestClient, fleet: Fleet) -> None:
    wrote(fleet, Entry("pagi", "login"), Entry("pagi", "logout"))
    with writing(fleet.engine) as conn:
        for name in conn.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
            conn.execute(text(f"DROP TRIGGER {name}"))
        conn.execute(text("UPDATE audit SET who = 'malam' WHERE n = 1"))
    assert "Rantai rusak pada baris 1" in client.get("/audit").text


def test_rows_cut_off_behind_the_seal_are_missed(client: TestClient, fleet: Fleet) -> None:
    wrote(fleet, Entry("pagi", "login"))
    sealed(fleet, 9)
    assert "padahal baris 9 sudah disegel" in client.get("/audit").text


def test_row_67_what_is_in_the_log_is_shown_as_text(client: TestClient, fleet: Fleet) -> None:
    wrote(fleet, Entry(EVIL, EVIL, EVIL, detail={"why": EVIL, EVIL: EVIL}, address=EVIL))
    wrote(fleet, Entry(EVIL, "identity.revoke", EVIL, detail={"why": EVIL}))
    found = client.get("/audit").text
    assert "<script>alert" not in found
    assert "&lt;script&gt;alert" in found
