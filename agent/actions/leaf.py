"""The test page as bytes: a PDF of a few lines, plain text, or the commands of a receipt printer.

Pure. The PDF is written by hand: one page, one built-in font, so that any printer that reads PDF
prints it without a driver. Signs beyond ASCII become `?`.
"""

from collections.abc import Sequence
from typing import Final

A4: Final = (595, 842)  # points
RESET: Final = b"\x1b@"
FEED_AND_CUT: Final = b"\n\n\n\n\x1dV\x42\x00"


def lines(kiosk: str, command: str, when: str) -> list[str]:
    return ["Anjungan", "Cetak uji / test print", kiosk, when, command]


def text(given: Sequence[str]) -> bytes:
    return ("\r\n".join(_plain(line) for line in given) + "\r\n\f").encode("ascii")


def receipt(given: Sequence[str]) -> bytes:
    return RESET + ("\n".join(_plain(line) for line in given) + "\n").encode("ascii") + FEED_AND_CUT


def pdf(given: Sequence[str]) -> bytes:
    shown = "".join(f"({_quoted(line)}) Tj T* " for line in given)
    content = f"BT /F1 20 Tf 28 TL 72 {A4[1] - 120} Td {shown}ET".encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>" % A4,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def _plain(line: str) -> str:
    safe = line.encode("ascii", "replace").decode("ascii")
    return "".join(sign if sign.isprintable() else "?" for sign in safe)


def _quoted(line: str) -> str:
    return _plain(line).replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
