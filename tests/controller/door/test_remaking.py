"""The child that decodes strangers' pictures: within its limits, and silent about why."""

import io
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from controller.door.photos import CHILD
from controller.door.remaking import BAD, remade


def png(mode: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA", "I;16"])
def test_any_colours_become_plain_ones(mode: str) -> None:
    with Image.open(io.BytesIO(remade(png(mode), 100_000))) as made:
        assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (40, 30))


def test_a_picture_that_lies_on_its_side_stands_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(remade(out.getvalue(), 100_000))) as made:
        assert made.size == (30, 40)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^$"):
        remade(png("RGB", (400, 400)), 100)


@settings(max_examples=20)
@given(some.binary(max_size=200))
def test_any_bytes_raise_or_become_a_picture(junk: bytes) -> None:
    for begin in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"):
        try:
            made = remade(begin + junk, 100_000)
        except Exception:  # noqa: BLE001 - the child ends with BAD whatever it was
            continue
        assert made.startswith(b"\xff\xd8\xff")


def test_the_child_says_nothing_but_how_it_ends() -> None:
    command = [sys.executable, "-I", str(CHILD), "100000"]
    ended = subprocess.run(command, input=b"no picture", capture_output=True, check=False, env={})
    assert (ended.returncode, ended.stdout, ended.stderr) == (BAD, b"", b"")
