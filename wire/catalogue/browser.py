"""The browser that shows the portal. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="browser.not_running",
        severity="critical",
        name=Text2("Peramban tidak berjalan", "Browser not running"),
        advice=Text2(
            id=(
                "Mulai ulang peramban dari halaman anjungan. Bila langsung berhenti lagi, lihat "
                "sisa penyimpanan dan log sesi layar."
            ),
            en=(
                "Restart the browser from the kiosk page. If it stops again at once, look at free "
                "storage and at the log of the display session."
            ),
        ),
        citizen=Text2(
            id="Portal tidak tampil; tidak ada layanan yang dapat dipakai.",
            en="The portal is not shown; no service can be used.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="browser.hung",
        severity="fail",
        name=Text2("Peramban tidak menanggapi", "Browser does not answer"),
        advice=Text2(
            id=(
                "Mulai ulang peramban. Bila terulang di halaman yang sama, catat alamat halaman "
                "dalam bukti dan laporkan kepada pengembang portal."
            ),
            en=(
                "Restart the browser. If it returns on the same page, note the page in the "
                "evidence and report it to the portal's developers."
            ),
        ),
        citizen=Text2(
            id="Layar tampak biasa tetapi sentuhan tidak ditanggapi.",
            en="The screen looks normal but touches are not answered.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="browser.crashed",
        severity="fail",
        name=Text2("Halaman mogok (crash)", "Page crashed"),
        advice=Text2(
            id=(
                "Muat ulang halaman atau mulai ulang peramban. Bila sering terjadi, periksa "
                "memori: halaman mogok umumnya karena memori habis."
            ),
            en=(
                "Reload the page or restart the browser. If it happens often, check memory: pages "
                "mostly crash when memory runs out."
            ),
        ),
        citizen=Text2(
            id="Tampil halaman galat; isian yang belum dikirim perlu diulang.",
            en="An error page is shown; what was not yet sent must be entered again.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="browser.error_page",
        severity="fail",
        name=Text2("Peramban menampilkan halaman galat", "Browser shows an error page"),
        advice=Text2(
            id=(
                "Portal tidak terbuka dari peramban. Periksa dahulu apakah portal menjawab (kartu "
                "Portal), lalu muat ulang halaman."
            ),
            en=(
                "The browser could not open the portal. See first whether the portal answers "
                "(Portal card), then reload the page."
            ),
        ),
        citizen=Text2(
            id="Tampil halaman galat; layanan tidak dapat dipakai.",
            en="An error page is shown; services cannot be used.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="browser.wrong_page",
        severity="fail",
        name=Text2("Halaman bukan portal", "Not the portal's page"),
        advice=Text2(
            id=(
                "Peramban membuka alamat di luar portal. Kembalikan ke halaman awal; bila "
                "terulang, periksa setelan halaman awal dan tautan yang dapat disentuh warga."
            ),
            en=(
                "The browser shows an address outside the portal. Bring it back to the start page;"
                " if it returns, check the start-page setting and links that citizens can touch."
            ),
        ),
        citizen=Text2(
            id="Yang tampil bukan layanan resmi anjungan; jangan mengisi data pribadi.",
            en="What is shown is not the kiosk's official service; do not enter personal data.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="browser.hidden",
        severity="fail",
        name=Text2("Peramban tertutup jendela lain", "Browser is hidden"),
        advice=Text2(
            id=(
                "Ada jendela lain di atas portal atau peramban diperkecil. Tutup dialog atau "
                "program itu dan kembalikan peramban ke layar penuh."
            ),
            en=(
                "Another window covers the portal or the browser is minimised. Close that dialog "
                "or program and bring the browser back to full screen."
            ),
        ),
        citizen=Text2(
            id="Portal tidak terlihat atau tertutup sebagian; minta bantuan petugas.",
            en="The portal cannot be seen or is partly covered; please ask the staff.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="browser.memory_high",
        severity="warn",
        name=Text2("Peramban memakai banyak memori", "Browser uses much memory"),
        advice=Text2(
            id=(
                "Mulai ulang peramban pada saat sepi sebelum halaman mogok. Bila naik terus setiap"
                " hari, laporkan versi portal dan grafiknya."
            ),
            en=(
                "Restart the browser at a quiet moment before the page crashes. If it climbs every"
                " day, report the portal version with the chart."
            ),
        ),
        citizen=Text2(
            id="Belum terasa oleh warga; halaman mungkin agak lambat.",
            en="Citizens hardly notice it; pages may be a little slow.",
        ),
        open_after_s=120,
        clear_after_s=60,
    ),
)
