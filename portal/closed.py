"""The page that citizens see while this kiosk is being looked after.

It owns its words: Indonesian first and large, Sundanese and English below. What the office wrote is
escaped here. Like every page it has something that moves, so that a frozen screen is still found.
"""

from html import escape
from typing import Final

from portal.notice import Notice

PAGE: Final = """<!doctype html>
<html lang="id" data-maintenance="on" data-release="{seq}"{offset}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Anjungan sedang dirawat</title>
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
<main class="closed">
<section>
<p id="greeting" class="hello">Selamat datang</p>
<h1>Mohon maaf, anjungan ini sedang dirawat</h1>
{why}<p class="instead">Silakan temui petugas di loket.</p>
<p lang="su">Hapunten, anjungan ieu nuju dirawat. Mangga tepangan patugas di lokét.</p>
<p lang="en">Sorry, this kiosk is under maintenance. Please see the staff at the counter.</p>
</section>
</main>
<footer>
<p><b>Terima kasih atas kesabaran Anda.</b></p>
<p class="kiosk">{kiosk}</p>
</footer>
</body>
</html>
"""


def closed(kiosk: str, notice: Notice, seq: int = 0, offset_min: int | None = None) -> str:
    """The whole page for the kiosk of that name. `seq`: the release that would be shown.

    `offset_min`: by whose time its clock goes; None by the machine's.
    """
    why = f'<p class="why">{escape(notice.why)}</p>\n' if notice.why.strip() else ""
    offset = "" if offset_min is None else f' data-offset="{offset_min}"'
    return PAGE.format(kiosk=escape(kiosk), why=why, seq=seq, offset=offset)
