"""A service pack as pages: all of it is seen, none of it handed in."""

import msgspec
import pytest

from portal.handing import NotTaken
from portal.specimen import NoTray, pages
from tests.portal.test_apply import EVERYTHING, KINDS
from tests.support.citizens import a_draft
from tests.support.offered import MONDAY, PRESS, SERVICES, pack
from wire.service.document import Service, read


def made(said: object) -> Service:
    return read(msgspec.json.encode(said))


def test_every_page_is_there_also_those_asked_of_few() -> None:
    shown = list(pages(pack("KEC-SKTM-01"), PRESS, MONDAY))
    assert [one.name for one in shown] == [
        "informasi", "perizinan", "isi/nik", "isi/sekolah", "kontak",
        "periksa",
    ]  # fmt: skip
    assert shown[0].title == "Surat Keterangan Tidak Mampu"
    assert shown[3].title == "sekolah: Nama sekolah"


def test_every_kind_of_question_is_shown_with_a_check_of_answers_that_are_nobodys() -> None:
    shown = {one.name: one.html for one in pages(made(EVERYTHING), PRESS, MONDAY)}
    for kind in KINDS:
        assert f"Isian {kind}" in shown["isi/semua"]
    assert "Warga Contoh" in shown["periksa"]


def test_a_service_without_a_form_has_its_information_alone() -> None:
    assert [one.name for one in pages(made(SERVICES["OSS-NIB-01"]), PRESS, MONDAY)] == ["informasi"]


@pytest.mark.parametrize("language", ["id", "su", "en"])
def test_it_is_shown_in_each_language(language: str) -> None:
    shown = next(pages(pack("KEC-SKTM-01"), PRESS, MONDAY, language=language))  # type: ignore[arg-type]
    assert f'<html lang="{language}"' in shown.html


def test_nothing_can_be_handed_in_here() -> None:
    with pytest.raises(NotTaken):
        NoTray().hand_in(a_draft())
    assert NoTray().state().records == 0


def test_unfinished_packs_are_shown_as_far_as_they_are() -> None:
    bare = {**SERVICES["KEC-SKTM-01"], "fields": [{**EVERYTHING["fields"][12], "options": []}]}
    assert [one.name for one in pages(made(bare), PRESS, MONDAY)][:2] == ["informasi", "perizinan"]
