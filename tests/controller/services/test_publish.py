"""Approved packs in a release: the tree they join, what is signed, and what a failure leaves."""

import json
from typing import Any

import pytest

from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.people.powers import EVERYWHERE
from controller.releases import drafts as releases
from controller.services import drafts, publish, read, tree
from controller.services.adopt import adopt_tenants
from controller.services.publish import path_of
from controller.services.shapes import Pack
from tests.controller.services.conftest import CODE, FILES
from tests.support.press import Press, press

__all__ = ["press"]
SITI, KEPALA = By("penyusun", "192.0.2.1"), By("kepala", "192.0.2.2")
OLD = path_of("32.73", CODE)
TREE = {"content.json": b"{}", OLD: FILES[OLD], "keys.json": b"{}"}


def approved(press: Press, pack: dict[str, Any], **change: Any) -> Pack:
    with press.writing() as conn:
        one = drafts.begin(conn, pack | change, SITI, press.now)
    with press.writing() as conn:
        drafts.submit(conn, one.id, SITI, press.now)
    with press.writing() as conn:
        return drafts.approve(conn, one.id, KEPALA, press.now)


@pytest.fixture
def shop(press: Press) -> Press:
    """A first release is out; the office knows its tenants."""
    press.publish(TREE, "layanan")
    with press.writing() as conn:
        adopt_tenants(conn, FILES, press.now)
    return press


def send(shop: Press, *packs: Pack) -> publish.Published:
    numbers = [one.id for one in packs]
    return publish.publish(shop.engine, shop.releases, numbers, "Baru", KEPALA, shop.now)


def state(shop: Press, one: Pack) -> str:
    found: Pack = shop.read(lambda conn: read.find(conn, one.id))
    return found.state


def test_an_approved_pack_joins_the_tree_and_waits_for_signatures(
    shop: Press, pack: dict[str, Any]
) -> None:
    new = approved(shop, pack, code="KEC-BARU-1")
    done = send(shop, new)
    assert (done.packs, done.seq, done.finished.missing) == (1, 2, 2)
    assert state(shop, new) == "published"
    assert shop.sign(done.finished.signing_id) == 0
    shop.tick()
    files = tree.present(shop.releases)
    assert set(files.files) == {*TREE, path_of("32.73", "KEC-BARU-1")}
    body = tree.body(shop.releases, files.files[path_of("32.73", "KEC-BARU-1")])
    assert json.loads(body)["code"] == "KEC-BARU-1"
    assert tree.body(shop.releases, files.files[OLD]) == FILES[OLD]


def test_the_next_revision_replaces_the_one_before(shop: Press, pack: dict[str, Any]) -> None:
    first = approved(shop, pack, code="KEC-BARU-1")
    done = send(shop, first)
    shop.sign(done.finished.signing_id)
    shop.tick()
    second = approved(shop, pack, code="KEC-BARU-1", decree="SK 2")
    send(shop, second)
    assert (state(shop, first), state(shop, second)) == ("retired", "published")


def test_what_was_in_a_dropped_release_comes_with_the_next(
    shop: Press, pack: dict[str, Any]
) -> None:
    lost = approved(shop, pack, code="KEC-HILANG-1")
    done = send(shop, lost)
    with shop.writing() as conn:
        releases.drop(conn, shop.releases, done.release_id, KEPALA, shop.now)
    again = send(shop, approved(shop, pack, code="KEC-BARU-1"))
    shop.sign(again.finished.signing_id)
    shop.tick()
    assert path_of("32.73", "KEC-HILANG-1") in tree.present(shop.releases).files


def test_a_service_that_has_ended_leaves_the_tree(shop: Press, pack: dict[str, Any]) -> None:
    new = approved(shop, pack, code="KEC-BARU-1")
    done = send(shop, new)
    shop.sign(done.finished.signing_id)
    shop.tick()
    with shop.writing() as conn:
        (old,) = [one for one in read.lines(conn, EVERYWHERE) if one.code == CODE]
        assert old.shown is not None
        drafts.retire(conn, old.shown.id, KEPALA, shop.now)
    done = send(shop, approved(shop, pack, code="KEC-LAIN-1"))
    shop.sign(done.finished.signing_id)
    shop.tick()
    assert OLD not in tree.present(shop.releases).files


def test_nothing_changes_when_a_release_waits_already(shop: Press, pack: dict[str, Any]) -> None:
    send(shop, approved(shop, pack, code="KEC-BARU-1"))
    second = approved(shop, pack, code="KEC-LAIN-1")
    with pytest.raises(Refused) as refused:
        send(shop, second)
    assert refused.value.code == "state"
    assert state(shop, second) == "approved"


def test_a_draft_is_not_published(shop: Press, pack: dict[str, Any]) -> None:
    with shop.writing() as conn:
        one = drafts.begin(conn, pack | {"code": "KEC-BARU-1"}, SITI, shop.now)
    for packs, code in (((one,), "state"), ((), "none")):
        with pytest.raises(Refused) as refused:
            send(shop, *packs)
        assert refused.value.code == code


def test_without_a_first_release_there_is_nothing_to_go_on_from(
    press: Press, pack: dict[str, Any]
) -> None:
    with press.writing() as conn:
        adopt_tenants(conn, FILES, press.now)
    one = approved(press, pack)
    with pytest.raises(Refused) as refused:
        send(press, one)
    assert refused.value.code == "no_base"
