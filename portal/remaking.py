"""The child that makes a citizen's picture anew: bytes in at 0, a JPEG out at 1, then it ends.

Owns the only place of the kiosk where a picture of a stranger is decoded. It limits itself before
it reads the first byte: memory, seconds, no files, and the first to go where memory is short. What
it writes holds pixels and nothing else: position, camera, thumbnail, comment and whatever was
hidden behind the picture stay in here and end with it. It is run as a plain file, without the house
on its path, and it never says why: a way to leave is all that its parent reads.
"""

import contextlib
import io
import resource
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

MOST_MEMORY: Final = 320 * 1024 * 1024  # below what the portal's unit may have
MOST_SECONDS: Final = 8  # of processor; the slowest kiosk needs two for a telephone's picture
MOST_PIXELS: Final = 24_000_000  # three bytes each, and room to work; a kiosk's camera has two
MOST_SIDE: Final = 1_600  # of what is kept: a number plate can be read, and it travels quickly
QUALITIES: Final = (82, 70, 55, 40)
FORMATS: Final = ("JPEG", "PNG", "WEBP")
BAD, LARGE = 3, 4  # exit codes: it is no picture that we take; it has too many pixels


def limit() -> None:
    """Where memory is short all the same this one goes, not the portal with a form in it."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - before anything is imported
        file.write("1000")
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def prepare() -> None:
    """What is needed is read now: from here on nothing is opened any more."""
    from PIL import (  # noqa: PLC0415 - after the memory is limited
        Image,
        ImageColor,  # noqa: F401 - pixels() needs it
        ImageOps,  # noqa: F401 - so too
        MpoImagePlugin,  # noqa: F401 - a JPEG with a second picture behind it, as telephones make
        TiffImagePlugin,  # noqa: F401 - a turn is said in the shape of a TIFF
        WebPImagePlugin,  # noqa: F401 - of our formats the one that preinit leaves out
    )

    Image.preinit()
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def pixels(data: bytes) -> "Image.Image":
    """Upright, in plain colours, at most MOST_SIDE, and nothing but its pixels."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - after the limits are set

    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            sys.exit(LARGE)
        opened.draft("RGB", (MOST_SIDE, MOST_SIDE))  # a JPEG is decoded small at once
        opened.thumbnail((MOST_SIDE, MOST_SIDE))
        upright = ImageOps.exif_transpose(opened)
        bare = Image.new("RGB", upright.size, "white")
        seen = upright.convert("RGBA")
        bare.paste(seen, mask=seen)
        return bare


def encoded(picture: "Image.Image", most: int) -> bytes:
    """As good as fits into `most` bytes."""
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= most:
            return out.getvalue()
    sys.exit(LARGE)


def main() -> None:
    limit()
    prepare()
    most = int(sys.argv[1])
    try:
        made = encoded(pixels(sys.stdin.buffer.read()), most)
    except Exception:  # noqa: BLE001 - whatever a decoder stumbles over, it is no picture for us
        sys.exit(BAD)
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
