"""Which types of files a release of content may have: by the end of the name, and how each begins.

One line a type. The portal serves by the same ends of names; what begins otherwise than it is
called would be guessed at by a browser, and is refused here.
"""

from typing import Final

_ANY: Final = (b"",)
_RIFF: Final = (b"RIFF",)
# Suffix -> how such a file begins, one of these. Text has no such mark.
TYPES: Final[dict[str, tuple[bytes, ...]]] = {
    "html": _ANY,
    "css": _ANY,
    "js": _ANY,
    "json": _ANY,
    "txt": _ANY,
    "md": _ANY,
    "csv": _ANY,
    "xml": _ANY,
    "vtt": (b"WEBVTT", b"\xef\xbb\xbfWEBVTT"),
    "svg": (b"<", b"\xef\xbb\xbf<"),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    "webp": _RIFF,
    "avif": (b"\x00\x00\x00",),
    "ico": (b"\x00\x00\x01\x00",),
    "woff": (b"wOFF",),
    "woff2": (b"wOF2",),
    "mp4": (b"\x00\x00\x00",),
    "webm": (b"\x1aE\xdf\xa3",),
    "mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"),
    "ogg": (b"OggS",),
    "wav": _RIFF,
    "pdf": (b"%PDF-",),
}
TEXT: Final = frozenset({"html", "css", "js", "json", "txt", "md", "csv", "xml", "vtt", "svg"})
LONGEST: Final = max(len(one) for begins in TYPES.values() for one in begins)


def suffix_of(path: str) -> str:
    """In small letters, without the dot; empty when the name has none."""
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    return suffix.lower() if dot and stem else ""


def wrong_type(path: str, begins: bytes) -> str:
    """Why such a file cannot be in a release of content; empty when it can."""
    suffix = suffix_of(path)
    if suffix not in TYPES:
        return f"files of type {suffix or '(none)'} are not shown by any kiosk"
    if not begins.startswith(TYPES[suffix]):
        return f"it does not begin as a .{suffix} file does"
    return ""
