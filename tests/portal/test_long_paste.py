"""Three hundred pages pasted into every field that is written in: refused or cut, never failing."""

from http import HTTPStatus
from pathlib import Path

from tests.support.filling import APPLY, counter

PASTE = "Halaman ini disalin utuh dari berkas lain. " * 21_000  # 900 kB
FIELDS = (
    ("/status", "number"),
    ("/status", "tail"),
    (f"{APPLY}/isi/nik", "nik"),
    (f"{APPLY}/isi/nik", "nama"),
    (f"{APPLY}/isi/nik", "untuk"),
    ("/pengaduan/cerita", "text"),
    ("/pengaduan/cerita", "where"),
    ("/pengaduan/pelapor", "name"),
)


def test_three_hundred_pages_in_any_field_are_answered_and_keep_nothing(tmp_path: Path) -> None:
    with counter(tmp_path) as kiosk:
        visitor = kiosk.visitor
        visitor.post(APPLY)
        visitor.post("/pengaduan", **{"class": "complaint"})
        visitor.post("/pengaduan/kategori", category="jalan")
        visitor.post("/pengaduan/tempat", village="32.73.02.1001")
        for path, field in FIELDS:
            shown = visitor.post(path, **{field: PASTE})
            assert visitor.status in (HTTPStatus.OK, HTTPStatus.SEE_OTHER, 413), (path, field)
            assert len(shown) < 2_000_000, (path, field)
            assert kiosk.heads() == []
        sitting = kiosk.portal.desk.screen.sitting
        assert sitting is not None
        assert len(repr(sitting.drafts)) < 50_000
