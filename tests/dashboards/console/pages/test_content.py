"""What a kiosk shall have, has, and how far it is, on its page."""

from starlette.testclient import TestClient

from controller.people.powers import EVERYWHERE
from controller.rollouts import read
from controller.rollouts.shapes import OfKiosk, ShareQuery
from dashboards.console.pages.content import moves
from tests.dashboards.console.conftest import Shelf
from tests.support.showcase import NOW


def kiosk_in(shelf: Shelf, state: str, install: str) -> str:
    """One of the running rollout in this state that has last said this."""
    query = ShareQuery(states=(state,), phase=2)
    with shelf.fleet.engine.connect() as conn:
        page = read.shares(conn, EVERYWHERE, shelf.rollouts["running"], query, NOW)
    return next(one.kiosk for one in page.rows if one.install == install)


def test_a_kiosk_at_work_shows_how_far_it_is(shelf: Shelf, reader: TestClient) -> None:
    text = reader.get(f"/kiosks/{kiosk_in(shelf, 'wanted', 'downloading')}").text
    assert 'id="bundle-layanan"' in text
    assert "118,2\u00a0kB dari 209,0\u00a0kB" in text
    assert f"/rollouts/{shelf.rollouts['running']}" in text


def test_a_kiosk_that_failed_says_why_and_nothing_it_says_is_markup(
    shelf: Shelf, reader: TestClient
) -> None:
    text = reader.get(f"/kiosks/{kiosk_in(shelf, 'failed', 'failed')}").text
    assert "disk penuh" in text
    assert "<img src=x" not in text


def test_a_kiosk_nothing_was_ever_desired_of_says_so(client: TestClient, shelf: Shelf) -> None:
    text = client.get(f"/kiosks/{shelf.fleet.names['Coblong']}").text
    assert "Belum ada rilis untuk anjungan ini." in text


def test_a_release_that_settled_moves_no_more() -> None:
    one = OfKiosk(
        bundle="layanan", desired=2, attempt=1, rollout_id=None, not_before=0, windows=[], due=None,
        reported=1, wanted=2, state="downloading", done=1, total=2, code="", why="", facts={},
        at=None, note="",
    )  # fmt: skip
    assert moves(one)
    assert not moves(one._replace(state="failed"))
    assert not moves(one._replace(wanted=1))
