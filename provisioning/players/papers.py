"""The papers of load kiosks: a key and a certificate each, in one folder, and whom they trust.

`<folder>/<kiosk>.crt` and `<folder>/<kiosk>.key`, PEM. Never makes papers: that is the authority's.
"""

import ssl
from pathlib import Path
from typing import NamedTuple


class Papers(NamedTuple):
    """`ca` is the office's server authority."""

    ca: Path
    folder: Path

    def context(self, kiosk: str) -> ssl.SSLContext:
        """Raises OSError when the kiosk has no papers here, ssl.SSLError when they are none."""
        context = ssl.create_default_context(cafile=str(self.ca))
        context.load_cert_chain(self.folder / f"{kiosk}.crt", self.folder / f"{kiosk}.key")
        return context
