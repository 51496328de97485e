"""What the console must know of the office's door to invite a kiosk: its address and its authority.

Owns the one line that is typed on a kiosk. Holds no key: the pin is public, the code is not kept.
"""

import ssl
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import segno

from wire.invitation import pin_of


class Doorplate(NamedTuple):
    """`url` as kiosks reach it; `pin` of the server's authority (wire.invitation)."""

    url: str
    pin: bytes

    def line(self, code: str) -> str:
        return f"anjungan join {self.url} {code}"


def read(url: str, server_ca: Path) -> Doorplate:
    """Raises ValueError or OSError: whoever starts the console must act."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"--door {url}: give it as kiosks reach it, https://HOST:PORT")
    try:
        der = ssl.PEM_cert_to_DER_cert(server_ca.read_text(encoding="ascii").strip())
    except (ValueError, UnicodeError):
        raise ValueError(f"--server-ca {server_ca}: not one certificate in PEM") from None
    return Doorplate(f"https://{parts.netloc}", pin_of(der))


def qr(text: str) -> str:
    """A QR code as a data URI: the page's policy lets pictures in, and no script or style."""
    found: str = segno.make(text, error="m", micro=False).svg_data_uri(border=2, dark="#000")
    return found
