"""The welcome page as HTML.

It owns the words and their order. Everything that comes from outside (the kiosk's name, the
opening text) is escaped here. No style and no script stands in the page itself: the policy in
`server` forbids both.
"""

from html import escape
from typing import Final

from portal.services import SERVICES, SOON, Service

OPENING: Final = (
    "Anjungan ini sedang disiapkan untuk Anda. Lima layanan berikut dibuka satu per satu."
)
PAGE: Final = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Anjungan Layanan Warga</title>
<link rel="stylesheet" href="/portal.css">
<link rel="icon" href="/pictures.svg" type="image/svg+xml">
<script src="/clock.js" defer></script>
<script src="/session.js" defer></script>
</head>
<body>
<header>
<div class="band"></div>
<p class="brand"><b>Anjungan</b> Layanan Warga</p>
<p class="now"><time id="clock">--.--</time><span id="date"></span></p>
<div class="pulse"><i id="pulse"></i></div>
</header>
<main>
<section class="welcome">
<h1 id="greeting">Selamat datang</h1>
<p>{opening}</p>
</section>
<ul class="services">
{services}
</ul>
</main>
<footer>
<p><b>Perlu bantuan sekarang?</b> Silakan temui petugas di loket.</p>
<p class="kiosk">{kiosk}</p>
</footer>
</body>
</html>
"""
ROW: Final = """<li>
<svg class="picture" aria-hidden="true"><use href="/pictures.svg#{picture}"></use></svg>
<div><h2>{name}</h2><p>{promise}</p></div>
<p class="soon">{soon}</p>
</li>"""


def welcome(kiosk: str, opening: str = OPENING) -> str:
    """The whole page for the kiosk of that name."""
    rows = "\n".join(_row(service) for service in SERVICES)
    return PAGE.format(opening=escape(opening), services=rows, kiosk=escape(kiosk))


def _row(service: Service) -> str:
    words = {name: escape(text) for name, text in service._asdict().items()}
    return ROW.format(soon=escape(SOON), **words)
