"""What is offered at a kiosk, of a whole release."""

import msgspec
import pytest

from portal.catalogue import holds, read, tenant_of
from portal.words import BadContent
from tests.support.offered import SERVICES, SITE, catalogue, service, tree, words


def test_a_kiosk_finds_the_government_it_stands_in() -> None:
    paths = tree()
    assert tenant_of("32.73.05", paths) == "32.73"
    assert tenant_of("32.04.01.2001", paths) == "32.04"
    assert tenant_of("32.7", paths) == ""
    assert tenant_of("", paths) == ""
    assert holds("32.73", "32.73")
    assert not holds("32.73", "32.730")


def test_services_are_those_of_the_place() -> None:
    only_andir = service("KEC-X-01", "X", regions=["32.73.05"])
    assert set(catalogue().services) == set(SERVICES)
    assert set(catalogue(SITE, **{"KEC-X-01": only_andir}).services) == set()
    assert set(catalogue("32.73.05", **{"KEC-X-01": only_andir}).services) == {"KEC-X-01"}


def test_what_is_over_or_not_yet_hides_itself() -> None:
    said = service("KEC-X-01", "X", valid={"since": "2026-02-01", "until": "2026-02-28"})
    found = catalogue(SITE, **{"KEC-X-01": said})
    assert [len(found.on(day)) for day in ("2026-01-31", "2026-02-28", "2026-03-01")] == [0, 1, 0]


def test_they_stand_in_the_order_of_their_groups_and_names() -> None:
    names = [one.name.id for one in catalogue().on("2026-11-23")]
    assert names == ["Nomor Induk Berusaha", "Surat Keterangan Tidak Mampu", "KTP elektronik"]


def test_codes_lead_to_what_they_name() -> None:
    found = catalogue()
    assert found.villages["32.73.02.1001"].name == "Dago"
    assert found.districts["32.73.05"].name == "Andir"
    assert found.categories["banjir"].emergency
    assert found.agencies["kecamatan"].name.id == "Kecamatan"
    assert found.groups["sosial"].picture == "apply"


@pytest.mark.parametrize(
    "path",
    [
        "tenants/32.73/tenant.json",
        "tenants/32.73/places.json",
        "tenants/32.73/services/KEC-SKTM-01.json",
        "holidays.json",
        "keys.json",
        "films.json",
    ],
)
def test_one_document_that_cannot_be_read_is_no_catalogue_at_all(path: str) -> None:
    files = {**tree(), path: msgspec.json.encode({"v": 9, "name": words("x")})}
    with pytest.raises(BadContent, match=path):
        read(SITE, 1, files, files.__getitem__)


def test_without_a_tenant_there_is_none() -> None:
    assert read(SITE, 1, {"content.json": b""}, lambda _: b"") is None
