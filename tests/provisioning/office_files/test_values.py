"""What the options mean in the units."""

from provisioning.office_files.settings import Settings
from provisioning.office_files.values import FENCE, values


def test_the_first_name_is_told_to_kiosks_and_all_stand_in_certificates() -> None:
    made = values(Settings(name=("kantor.example", "10.0.0.5")))
    assert made["first"] == "kantor.example"
    assert made["names"] == "--name kantor.example --name 10.0.0.5"


def test_an_ipv6_address_is_written_as_a_host() -> None:
    assert values(Settings(name=("fd00::1",)))["first"] == "[fd00::1]"


def test_the_preview_has_a_port_of_its_own() -> None:
    assert values(Settings(name=("a",), preview_port=9090))["preview_port"] == "9090"


def test_only_sqlite_needs_a_folder() -> None:
    assert values(Settings(name=("a",)))["writes_database"]
    other = Settings(name=("a",), database="postgresql+psycopg:///anjungan")
    assert values(other)["writes_database"] == ""


def test_the_fence_gives_no_power() -> None:
    assert "CapabilityBoundingSet=\n" in FENCE
    assert "NoNewPrivileges=yes" in FENCE
