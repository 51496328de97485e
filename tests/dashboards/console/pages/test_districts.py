"""Districts by the names people know them by."""

from controller.people.powers import Grant
from dashboards.console.pages.districts import grant_text, names, regions, where
from dashboards.console.texts import load
from tests.dashboards.console.conftest import Fleet

TEXTS = load()


def test_every_site_stands_below_its_region(fleet: Fleet) -> None:
    with fleet.engine.connect() as conn:
        found = {region.code: region for region in regions(conn)}
    assert {code: region.name for code, region in found.items()} == {
        "32.04": "Kabupaten Bandung",
        "32.73": "Kota Bandung",
    }
    assert sum(len(region.sites) for region in found.values()) == 61
    assert all(site.code.startswith("32.73.") for site in found["32.73"].sites)


def test_a_grant_is_told_with_its_place(fleet: Fleet) -> None:
    with fleet.engine.connect() as conn:
        known = names(conn)
    assert grant_text(Grant("technician", "32.73"), known, TEXTS["id"]) == "Teknisi, Kota Bandung"
    assert grant_text(Grant("admin", ""), known, TEXTS["en"]) == "Administrator, Everywhere"
    assert where("99.99", known, TEXTS["id"]) == "99.99"
