"""The page of back systems says names where there are some."""

from starlette.testclient import TestClient

from controller.back import desk
from controller.back.desk import New
from controller.people.audit import By
from controller.store.engine import writing
from tests.support import showcase
from tests.support.console import admitted, wear
from tests.support.showcase_inbox import Told


def test_a_system_is_shown_with_the_name_of_its_government(
    inbox: Told, officer: TestClient
) -> None:
    with writing(inbox.engine) as conn:
        desk.add(conn, By("kepala"), New("32.73", "Arsip", "folder"), showcase.NOW)
    wear(officer, admitted(inbox.engine, showcase.NOW, "kepala", ("admin", "")))
    text = officer.get("/back").text
    assert "Kota Bandung" in text
    assert "semua layanan" in text
