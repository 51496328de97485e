"""The child that makes a stranger's picture anew: bytes in at 0, a JPEG out at 1, then it ends.

The only place of the office where such a picture is decoded. It limits itself before it reads the
first byte: memory, seconds, no files. What comes out holds pixels and nothing else: no position,
no camera, nothing that was hidden behind the picture. It is run as a plain file, without the house
on its path, and never says why: a way to leave is all that its parent reads.
"""

import io
import resource
import sys
from typing import Final

MOST_MEMORY: Final = 512 * 1024 * 1024
MOST_SECONDS: Final = 8  # of processor
MOST_PIXELS: Final = 50_000_000
MOST_SIDE: Final = 1_600  # of what is kept: a number plate can be read
QUALITIES: Final = (82, 70, 55, 40)
FORMATS: Final = ("JPEG", "PNG", "WEBP")
BAD: Final = 3


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def remade(data: bytes, most: int) -> bytes:
    """Upright, in plain colours, as good as fits. Raises whatever a decoder stumbles over."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - after the memory is limited

    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError
        opened.draft("RGB", (MOST_SIDE, MOST_SIDE))  # a JPEG is decoded small at once
        opened.thumbnail((MOST_SIDE, MOST_SIDE))
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    bare = Image.new("RGB", upright.size, "white")
    bare.paste(upright, mask=upright)
    for quality in QUALITIES:
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= most:
            return out.getvalue()
    raise ValueError


def main() -> None:
    limit()
    try:
        made = remade(sys.stdin.buffer.read(), int(sys.argv[1]))
    except Exception:  # noqa: BLE001 - whatever it was, it is no picture for us
        sys.exit(BAD)
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
