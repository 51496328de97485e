"""Each kind of target has its way; what is not allowed has none."""

import pytest

from controller.back.folder import Folder
from controller.back.target import FOLDER, SIGN, NotTaken
from controller.back.ways import way_to
from controller.back.webhook import Webhook
from tests.support.back import CITY, FILES, HOOK, Backed


def test_each_kind_has_its_way(backed: Backed) -> None:
    assert isinstance(way_to(backed.keys, CITY, FILES), Folder)
    assert isinstance(way_to(backed.keys, CITY, HOOK), Webhook)


def test_what_the_registrars_folder_does_not_name_is_sent_nowhere(backed: Backed) -> None:
    for tenant, name in ((CITY, "lain"), ("32.04", FILES)):
        with pytest.raises(NotTaken, match="anjungan back allow"):
            way_to(backed.keys, tenant, name)


def test_without_a_key_nothing_is_sent_unsigned(backed: Backed) -> None:
    (backed.keys / FOLDER / SIGN).unlink()
    with pytest.raises(NotTaken, match="anjungan back key"):
        way_to(backed.keys, CITY, HOOK)
