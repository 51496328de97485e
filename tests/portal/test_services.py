"""The table of services."""

from portal.assets import STATIC
from portal.services import SERVICES


def test_there_are_five_services_with_names_of_their_own() -> None:
    assert len({service.name for service in SERVICES}) == 5


def test_every_service_has_its_picture() -> None:
    pictures = (STATIC / "pictures.svg").read_text()
    for service in SERVICES:
        assert f'id="{service.picture}"' in pictures
