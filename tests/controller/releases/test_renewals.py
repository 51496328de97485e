"""Lists that end soon, and signing them for another year."""

import pytest

from controller.jobs.refused import Refused
from controller.releases import metadata, offers, renewals
from tests.support.press import DAY, WHO, Press


def test_roles_are_told_two_months_before_they_end(press: Press) -> None:
    press.tick()
    assert renewals.ending(press.releases, press.now) == []
    press.now += 306 * DAY
    found = renewals.ending(press.releases, press.now)
    assert {one.role for one in found} == {"root", "targets", "content", "software"}
    assert found[0].expires == press.now // 1000 * 1000 + 59 * DAY


def test_a_renewed_list_lives_another_year_with_the_same_releases(press: Press) -> None:
    press.publish({"a.txt": b"a"})
    press.now += 350 * DAY
    with press.writing() as conn:
        number = renewals.renew(conn, press.releases, "content", WHO, press.now)
    press.sign(number)
    press.tick()
    assert "content" not in {one.role for one in renewals.ending(press.releases, press.now)}
    assert len(offers.offered(metadata.present(press.releases), "video")) == 1


def test_root_and_targets_need_a_ceremony(press: Press) -> None:
    for role in ("root", "targets", "snapshot", ""):
        with pytest.raises(Refused) as refused, press.writing() as conn:
            renewals.renew(conn, press.releases, role, WHO, press.now)
        assert refused.value.code == "role"


def test_only_what_is_on_offer_can_be_withdrawn(press: Press) -> None:
    made = press.draft({"a.txt": b"a"})
    for number, code in ((made.id, "state"), (99, "unknown")):
        with pytest.raises(Refused) as refused, press.writing() as conn:
            renewals.withdraw(conn, press.releases, number, WHO, press.now)
        assert refused.value.code == code


def test_before_the_first_ceremony_nothing_ends(press: Press) -> None:
    for file in press.releases.metadata.iterdir():
        file.unlink()
    assert renewals.ending(press.releases, press.now) == []
