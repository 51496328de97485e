"""Pictures as citizens and attackers give them: what is kept is small, bare and made anew."""

import io
import struct
import threading
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from portal.picture import MOST_GIVEN, NotKept, remake
from wire.submission import MOST_PHOTO

BANDUNG = {1: "S", 2: (6.0, 54.0, 8.9), 3: "E", 4: (107.0, 36.0, 37.0)}


def photo(
    size: tuple[int, int] = (60, 40), kind: str = "JPEG", mode: str = "RGB", **said: Any
) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **said)
    return out.getvalue()


def seen(data: bytes) -> Image.Image:
    shown = Image.open(io.BytesIO(data))
    shown.load()
    return shown


def refused(data: bytes) -> str:
    with pytest.raises(NotKept) as told:
        remake(data)
    return told.value.why


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_what_telephones_make_becomes_a_plain_jpeg(kind: str, mode: str) -> None:
    made = seen(remake(photo(kind=kind, mode=mode)))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (60, 40))


def test_of_a_telephones_two_pictures_in_one_file_the_first_is_kept_alone() -> None:
    behind = Image.new("RGB", (30, 20), "red")
    given = photo(kind="MPO", save_all=True, append_images=[behind])
    made = seen(remake(given))
    assert (made.format, made.size) == ("JPEG", (60, 40))
    assert getattr(made, "n_frames", 1) == 1


def test_a_large_picture_is_made_smaller_in_its_own_shape() -> None:
    assert seen(remake(photo((4000, 1000)))).size == (1600, 400)


def test_a_position_a_camera_and_a_comment_are_gone() -> None:
    said = Image.Exif()
    said[0x010F], said[0x013B] = "KAMERA-SAYA", "WARGA-CONTOH"
    said.get_ifd(0x8825).update(BANDUNG)
    given = photo(exif=said, comment=b"3174999999990001")
    assert b"KAMERA-SAYA" in given
    assert b"3174999999990001" in given
    kept = remake(given)
    assert not dict(seen(kept).getexif())
    assert set(seen(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for word in (b"KAMERA", b"WARGA", b"3174999999990001", b"Exif"):
        assert word not in kept


def test_a_text_and_a_profile_inside_a_png_are_gone() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", "WARGA-CONTOH")
    kept = remake(photo(kind="PNG", pnginfo=said, icc_profile=b"PROFIL" * 30))
    assert b"WARGA" not in kept
    assert b"PROFIL" not in kept


def test_a_picture_taken_on_its_side_stands_upright_without_saying_why() -> None:
    said = Image.Exif()
    said[0x0112] = 6  # to be turned by a quarter
    kept = seen(remake(photo((60, 40), exif=said)))
    assert kept.size == (40, 60)
    assert not dict(kept.getexif())


@pytest.mark.parametrize(
    "hidden", [b"<script>alert(1)</script>", b"PK\x03\x04" + b"x" * 500, b"%PDF-1.7 /JavaScript"]
)
def test_what_hides_behind_or_in_front_of_a_picture_does_not_come_along(hidden: bytes) -> None:
    """A polyglot: one file that is a picture to one reader and something else to another."""
    assert hidden not in remake(photo() + hidden)
    assert refused(hidden + photo()) == "bad"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of nothing, which is small as long as nobody unfolds it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9) * 4
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (2**31 - 1, 1), (30_000, 30_000)])
def test_a_bomb_is_refused_before_it_unfolds(width: int, height: int) -> None:
    assert refused(bomb(width, height)) in ("large", "bad")


def test_a_text_of_a_gigabyte_folded_into_a_picture_is_refused() -> None:
    text = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    plain = photo(kind="PNG")
    assert refused(plain[:33] + chunk(b"zTXt", text) + plain[33:]) == "bad"


def test_other_formats_are_refused_whatever_they_are_called() -> None:
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM"):
        assert refused(photo(kind=kind)) == "bad"
    assert refused(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "bad"
    assert refused(b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n") == "bad"


def test_half_a_picture_no_picture_and_too_much_are_refused() -> None:
    assert refused(photo((600, 400))[:900]) == "bad"
    assert refused(b"") == "bad"
    assert refused(bytes(MOST_GIVEN + 1)) == "large"


def test_a_transparent_picture_stands_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(out, "PNG")
    assert seen(remake(out.getvalue())).getpixel((4, 4)) == (255, 255, 255)


def test_a_picture_that_stays_too_large_is_said_to_be_too_large() -> None:
    noise = io.BytesIO()
    Image.effect_noise((400, 400), 90).save(noise, "PNG")
    with pytest.raises(NotKept, match="large"):
        remake(noise.getvalue(), most=5_000)
    assert len(remake(noise.getvalue(), most=90_000)) <= 90_000


def test_a_child_that_takes_too_long_is_ended_and_the_next_picture_is_made() -> None:
    with pytest.raises(NotKept, match="busy"):
        remake(photo(), wait_s=0.001)
    assert remake(photo())


def test_two_at_once_are_made_one_after_the_other() -> None:
    made: list[bytes] = []
    hands = [threading.Thread(target=lambda: made.append(remake(photo()))) for _ in range(3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(made) == 3


@settings(max_examples=8)
@given(st.binary(max_size=300), st.integers(0, 600))
def test_whatever_comes_is_a_jpeg_or_a_refusal(noise: bytes, at: int) -> None:
    given_ = photo()
    try:
        kept = remake(given_[:at] + noise + given_[at:])
    except NotKept:
        return
    assert seen(kept).format == "JPEG"
    assert len(kept) <= MOST_PHOTO
