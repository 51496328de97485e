"""Information as pages, and search among it."""

from collections.abc import Iterator

import pytest

from tests.support.offered import offering
from tests.support.visitor import Visitor


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with offering(tmp_path_factory.mktemp("content")) as portal:
        yield Visitor(portal)


def test_groups_lead_to_services_and_these_to_all_components(visitor: Visitor) -> None:
    assert 'href="/informasi?k=sosial"' in visitor.get("/informasi")
    assert 'href="/informasi/KEC-SKTM-01"' in visitor.get("/informasi?k=sosial")
    page = visitor.get("/informasi/KEC-SKTM-01")
    for said in ("KTP-el", "Isi formulir", "1 hari kerja", "Gratis", "UU 25/2009", "Ruang tunggu"):
        assert said in page
    assert 'href="/perizinan/KEC-SKTM-01"' in page


def test_a_sample_is_said_to_be_one_until_there_is_a_decree(visitor: Visitor) -> None:
    assert "Contoh, belum disahkan" in visitor.get("/informasi/KEC-SKTM-01")
    page = visitor.get("/informasi/DKP-KTP-01")
    assert "Contoh, belum disahkan" not in page
    assert "SK 12/2026" in page


def test_another_system_is_a_qr_and_never_a_link(visitor: Visitor) -> None:
    page = visitor.get("/informasi/OSS-NIB-01")
    assert "https://oss.go.id" in page
    assert 'href="https' not in page
    assert "<svg" in page


def test_a_service_that_does_not_exist_shows_the_way_home(visitor: Visitor) -> None:
    visitor.get("/informasi/NOPE-01")
    assert visitor.status == 404


def test_a_search_shows_what_was_meant_and_escapes_what_was_asked(visitor: Visitor) -> None:
    assert "/informasi/DKP-KTP-01" in visitor.get("/cari?q=elektronk")
    page = visitor.get("/cari?q=%3Cscript%3Ex")
    assert "<script>x" not in page
    assert "Belum ketemu" in page
    assert visitor.get(f"/cari?q={'a' * 5000}")


def test_it_works_in_three_languages(visitor: Visitor, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(lambda: visitor.post("/bahasa/id", to="/"))
    for code, said in (("su", "Sarat-sarat"), ("en", "What you need")):
        visitor.post(f"/bahasa/{code}", to="/")
        page = visitor.get("/informasi/KEC-SKTM-01")
        assert said in page
        assert f"Surat Keterangan Tidak Mampu ({code})" in page
