"""Pictures of a citizen through the real server: kept in memory, bare, and gone with them."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.portal.test_complain import VILLAGE, tell
from tests.portal.test_picture import BANDUNG, bomb, photo
from tests.support.filling import Counter, counter
from tests.support.offered import MONDAY, service, words
from tests.support.visitor import Visitor
from wire import ticket
from wire.local import Local

ALBUM = "/foto/pengaduan/bukti"
AT = "https://pintu.example/foto"
HOUSE = "/perizinan/KEC-RUMAH-01"
STANDARD = {
    **service("X-X", "X")["standard"],
    "requirements": [{"code": "rumah", "name": words("Foto rumah"), "how": "photo"}],
}
SERVICE = service(
    "KEC-RUMAH-01",
    "Rumah",
    modes=["apply"],
    standard=STANDARD,
    fields=[{"name": "bukti", "kind": "photo", "label": words("Foto bukti")}],
)


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    online = Local(at=MONDAY, online=True, online_since=MONDAY)
    folder = tmp_path_factory.mktemp("kiosk")
    with counter(folder, {"KEC-RUMAH-01": SERVICE}, local=lambda: online, photos_at=AT) as found:
        yield found


@pytest.fixture
def citizen(kiosk: Counter) -> Visitor:
    visitor = Visitor(kiosk.portal)
    visitor.post("/selesai")
    return visitor


def give(visitor: Visitor, path: str, *pictures: bytes) -> str:
    edge = "----somewhere"
    parts = b"".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="picture"; filename="x.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
        + one
        + b"\r\n"
        for one in pictures
    )
    kind = f"multipart/form-data; boundary={edge}"
    return visitor.send(path, kind, parts + f"--{edge}--\r\n".encode())


def test_a_picture_is_kept_bare_and_shown_again(kiosk: Counter, citizen: Visitor) -> None:
    said = Image.Exif()
    said.get_ifd(0x8825).update(BANDUNG)
    said[0x013B] = "WARGA-CONTOH"
    tell(citizen)
    assert give(citizen, ALBUM, photo(exif=said)) == ALBUM
    assert f'src="{ALBUM}/0"' in citizen.get(ALBUM)
    citizen.post("/pengaduan/periksa")
    (kept,) = kiosk.opened()[-1].photos
    jpeg = base64.b64decode(kept.jpeg)
    assert b"WARGA" not in jpeg
    assert b"Exif" not in jpeg


def test_three_are_the_most_and_one_may_be_taken_away(citizen: Visitor) -> None:
    tell(citizen)
    give(citizen, ALBUM, *[photo()] * 5)
    page = citizen.get(ALBUM)
    assert page.count("<img") == 3
    assert 'id="camera"' not in page
    assert citizen.post(f"{ALBUM}/hapus", at="1") == ALBUM
    assert citizen.get(ALBUM).count("<img") == 2
    citizen.post(f"{ALBUM}/hapus", at="99")
    citizen.post(f"{ALBUM}/hapus", at="-1")
    assert citizen.get(ALBUM).count("<img") == 2


@pytest.mark.parametrize(
    ("given", "says"), [(b"<html>", "bukan foto"), (bomb(50_000, 50_000), "besar")]
)
def test_a_bomb_and_what_is_no_picture_are_refused_with_a_sentence(
    citizen: Visitor, given: bytes, says: str
) -> None:
    tell(citizen)
    where = give(citizen, ALBUM, given)
    assert where.startswith(f"{ALBUM}?salah=")
    page = citizen.get(where)
    assert "<img" not in page
    assert says in page or "bukan foto" in page


def test_the_next_citizen_finds_no_picture(kiosk: Counter, citizen: Visitor) -> None:
    tell(citizen)
    give(citizen, ALBUM, photo())
    citizen.post("/selesai")
    follower = Visitor(kiosk.portal)
    assert "<img" not in follower.get(ALBUM)
    follower.post("/pengaduan", **{"class": "complaint"})
    follower.get(f"{ALBUM}/0")
    assert follower.status == 404


@pytest.mark.parametrize("path", ["/foto/pengaduan/lain", "/foto/KEC-RUMAH-01/bukti", "/foto/x/y"])
def test_a_picture_of_nothing_is_taken_nowhere(citizen: Visitor, path: str) -> None:
    assert give(citizen, path, photo()) == "/"
    assert citizen.post(f"{path}/hapus", at="0") == "/"
    citizen.get(f"{path}/0")
    assert citizen.status == 404


def test_a_telephone_finds_a_ticket_of_this_kiosk_only_when_there_is_a_line(
    kiosk: Counter, citizen: Visitor, tmp_path: Path
) -> None:
    tell(citizen)
    assert "Dari ponsel Anda" in citizen.get(ALBUM)
    citizen.post("/pengaduan/periksa")
    sealed = kiosk.opened()[-1]
    found = ticket.read(sealed.ticket).ticket
    assert (found.kiosk, found.expires) == ("bandung-coblong-01", MONDAY + 2 * 3_600_000)
    with counter(tmp_path) as dark:
        tell(dark.visitor)
        assert "Dari ponsel Anda" not in dark.visitor.get(ALBUM)
        dark.visitor.post("/pengaduan/periksa")
        assert dark.opened()[0].ticket == ""


def test_pictures_of_a_telephone_find_their_complaint_when_the_line_dies_meanwhile(
    tmp_path: Path,
) -> None:
    line = [Local(at=MONDAY, online=True, online_since=MONDAY)]
    with counter(tmp_path, local=lambda: line[0], photos_at=AT) as found:
        tell(found.visitor)
        assert "Dari ponsel Anda" in found.visitor.get(ALBUM)
        sitting = found.portal.desk.screen.sitting
        assert sitting is not None
        scanned = ticket.read(sitting.drafts["complain"].ticket).ticket
        line[0] = Local(at=MONDAY, online=False, online_since=0)
        assert "Dari ponsel Anda" not in found.visitor.get(ALBUM)
        found.visitor.post("/pengaduan/periksa")
        assert ticket.read(found.opened()[0].ticket).ticket == scanned


def test_a_question_and_a_paper_take_pictures_and_lead_back_to_themselves(
    kiosk: Counter, citizen: Visitor
) -> None:
    citizen.post(HOUSE)
    page = citizen.post(f"{HOUSE}/isi/bukti")
    assert 'class="error"' in page
    assert citizen.post(f"{HOUSE}/isi/bukti", then="bukti") == "/foto/KEC-RUMAH-01/bukti"
    give(citizen, "/foto/KEC-RUMAH-01/bukti", photo())
    assert f'href="{HOUSE}/isi/bukti"' in citizen.get("/foto/KEC-RUMAH-01/bukti")
    assert citizen.post(f"{HOUSE}/isi/bukti") == f"{HOUSE}/kontak"
    assert citizen.post(f"{HOUSE}/kontak") == f"{HOUSE}/periksa"
    assert "belum diambil" in citizen.post(f"{HOUSE}/periksa")
    assert 'href="/foto/KEC-RUMAH-01/rumah"' in citizen.get(f"{HOUSE}/periksa")
    give(citizen, "/foto/KEC-RUMAH-01/rumah", photo((70, 50)))
    citizen.post(f"{HOUSE}/periksa")
    sealed = kiosk.opened()[-1]
    hashes = [one.sha256 for one in sealed.photos]
    assert list(sealed.fields["bukti"]) == hashes[:1]  # type: ignore[arg-type]
    assert list(sealed.fields["paper_rumah"]) == hashes[1:]  # type: ignore[arg-type]


def test_no_picture_touches_the_disk_before_it_is_sealed(kiosk: Counter, citizen: Visitor) -> None:
    before = sorted(kiosk.tray.rglob("*"))
    tell(citizen, village=VILLAGE)
    give(citizen, ALBUM, photo())
    assert sorted(kiosk.tray.rglob("*")) == before
