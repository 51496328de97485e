"""A key is registered, waits for the ceremony, is ended; nonsense is refused."""

from sqlalchemy import select
from starlette.testclient import TestClient

from controller.store.command_tables import operator_key
from controller.store.people_tables import audit
from tests.dashboards.console.conftest import Fleet
from tests.support.console import show_token
from tests.support.showcase import NOW
from tests.support.signing import Ceremony, id_of, public_of
from wire.envelope import text_of


def test_a_key_is_registered_listed_and_ended(fleet: Fleet, client: TestClient) -> None:
    key = Ceremony("pagi").people["pagi"]
    said = {"public": text_of(public_of(key)), "label": "Telepon <kerja>"}
    assert client.post("/account/keys", data=said).headers["location"].startswith("/account")
    assert "Telepon &lt;kerja&gt;" in client.get("/account").text
    shown = client.get("/keys").text
    assert f"anjungan policy admit pagi {said['public']}" in shown
    assert f"anjungan releases keys propose --add content {said['public']}=pagi" in shown
    client.post("/account/keys/end", data={"key": id_of(key)})
    with fleet.engine.connect() as conn:
        assert conn.scalar(select(operator_key.c.ended_at)) == NOW
        told = set(conn.scalars(select(audit.c.what).where(audit.c.what.like("key.%"))))
    assert told == {"key.add", "key.end"}


def test_what_is_no_key_or_has_no_name_is_refused(client: TestClient) -> None:
    good = text_of(public_of(Ceremony().office))
    for said in ({"public": "x", "label": "a"}, {"public": good, "label": " "}):
        assert client.post("/account/keys", data=said).status_code == 422


def test_a_program_makes_no_keys(fleet: Fleet, stranger: TestClient) -> None:
    show_token(stranger, fleet.engine, NOW, ("admin", ""))
    said = {"public": text_of(public_of(Ceremony().office)), "label": "a"}
    assert stranger.post("/account/keys", data=said).status_code == 403
