"""The citizen's taste, chosen on any page."""

from collections.abc import Iterator

import pytest

from portal.server import PortalServer
from tests.support.filling import APPLY, NIK, counter
from tests.support.offered import SITE, offering
from tests.support.visitor import Visitor


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    with offering(tmp_path_factory.mktemp("content")) as running:
        yield running


@pytest.mark.parametrize("switch", ["large", "contrast", "low"])
def test_a_switch_is_turned_on_and_off_again(portal: PortalServer, switch: str) -> None:
    visitor = Visitor(portal)
    assert visitor.post("/tampilan", switch=switch, to="/informasi") == "/informasi"
    assert f'class="{switch}"' in visitor.get("/informasi")
    visitor.post("/tampilan", switch=switch, to="/")
    assert f'class="{switch}"' not in visitor.get("/informasi")


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil", "", "/a\r\nSet-Cookie: x", "/a b"]
)
def test_it_leads_back_to_a_page_of_ours_and_nowhere_else(portal: PortalServer, to: str) -> None:
    assert Visitor(portal).post("/bahasa/su", to=to) == "/"


@pytest.mark.parametrize(
    "path", ["/informasi?k=penduduk", "/cari?q=kartu+%C3%A9%26~%2A", "/antrian?gagal=habis"]
)
def test_what_was_asked_of_a_page_is_asked_again_in_the_other_language(
    portal: PortalServer, path: str
) -> None:
    visitor = Visitor(portal)
    assert f'name="to" value="{path}"' in visitor.get(path)
    assert visitor.post("/bahasa/en", to=path) == path


def test_a_language_or_switch_nobody_has_changes_nothing(portal: PortalServer) -> None:
    visitor = Visitor(portal)
    visitor.post("/bahasa/xx", to="/")
    visitor.post("/tampilan", switch="drafts", to="/")
    sitting = portal.desk.screen.sitting
    assert sitting is not None
    assert (sitting.language, sitting.drafts) == ("id", {})


STORY = "Lampu padam"
TYPED = {
    f"{APPLY}/isi/nik": {"nik": NIK, "nama": "Warga Contoh"},
    f"{APPLY}/kontak": {"phone": "0812"},
    "/pengaduan/cerita": {"text": STORY, "where": "Dekat balai"},
    "/pengaduan/pelapor": {"name": "Warga Contoh", "phone": "0812", "pin": "48"},
    "/status": {"number": "261122", "tail": "43"},
}


@pytest.fixture(scope="module")
def citizen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """In the middle of an application and of a complaint."""
    with counter(tmp_path_factory.mktemp("kiosk")) as found:
        found.visitor.post(APPLY)
        told = {"class": "complaint", "category": "jalan", "village": f"{SITE}.1001"}
        for path in ("", "/kategori", "/tempat", "/cerita"):
            found.visitor.post(f"/pengaduan{path}", **told, text=f"{STORY} tiga malam")
        yield found.visitor


@pytest.mark.parametrize(("path", "typed"), TYPED.items())
@pytest.mark.parametrize("taste", ["/bahasa/su", "/tampilan"])
def test_what_somebody_is_typing_comes_along_and_only_once(
    citizen: Visitor, path: str, typed: dict[str, str], taste: str
) -> None:
    assert citizen.post(taste, **typed, to=path, switch="large") == path
    page = citizen.get(path)
    for said in typed.values():
        assert f'value="{said}"' in page or f">{said}</textarea>" in page
    again = citizen.get(path)
    assert not any(f'value="{said}"' in again for said in typed.values())


def test_a_question_may_be_called_like_a_field_of_the_foot(citizen: Visitor) -> None:
    typed: dict[str, str | list[str]] = {"to": ["//evil.example", "/status"], "number": "26"}
    assert citizen.post("/bahasa/id", **typed) == "/status"
    assert 'value="26"' in citizen.get("/status")
