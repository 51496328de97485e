"""The welcome page as HTML: what a kiosk shows that has nothing to offer yet.

It owns the words and their order: those of the release of content that is in use, or those that
were built in. A card is no button: each says that it is not open yet. Everything that comes from
outside is escaped here. No style and no script stands in the page itself: the policy in `server`
forbids both. `data-release` tells which release is shown.
"""

from html import escape
from typing import Final
from urllib.parse import quote

from portal.content import NOTHING, Release
from portal.services import SERVICES, SOON
from portal.words import Card, Words

OPENING: Final = (
    "Anjungan ini sedang disiapkan untuk Anda. Lima layanan berikut dibuka satu per satu."
)
BUILT_IN: Final = Words(
    v=1,
    opening=OPENING,
    services=tuple(
        Card(picture=one.picture, name=one.name, promise=one.promise, soon=SOON) for one in SERVICES
    ),
)
PAGE: Final = """<!doctype html>
<html lang="id" data-release="{seq}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Anjungan Layanan Warga</title>
<link rel="stylesheet" href="/portal.css">
{look}<link rel="icon" href="/pictures.svg" type="image/svg+xml">
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
{banner}</section>
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
LOOK: Final = '<link rel="stylesheet" href="{address}">\n'
BANNER: Final = '<img class="banner" src="{address}" alt="">\n'


def welcome(kiosk: str, release: Release = NOTHING) -> str:
    """The whole page for the kiosk of that name."""
    words = release.words or BUILT_IN
    return PAGE.format(
        seq=release.seq,
        look=_with(LOOK, release.seq, words.look),
        opening=escape(words.opening),
        banner=_with(BANNER, release.seq, words.banner),
        services="\n".join(_row(card) for card in words.services),
        kiosk=escape(kiosk),
    )


def address(seq: int, path: str) -> str:
    """Of a file of a release; its number makes a browser ask anew after each."""
    return f"/content/{quote(path)}?r={seq}"


def _with(line: str, seq: int, path: str) -> str:
    return line.format(address=escape(address(seq, path))) if path else ""


def _row(card: Card) -> str:
    return ROW.format(
        picture=card.picture,
        name=escape(card.name),
        promise=escape(card.promise),
        soon=escape(card.soon or SOON),
    )
