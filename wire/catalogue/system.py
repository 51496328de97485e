"""The machine itself: processor and memory. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="system.cpu_high",
        severity="warn",
        name=Text2("Prosesor sibuk terus", "Processor busy for long"),
        advice=Text2(
            id=(
                "Buka halaman anjungan dan lihat grafik prosesor. Bila tidak turun, mulai ulang "
                "peramban; bila terulang setiap hari, periksa proses lain di mesin ini dan debu "
                "pada pendingin."
            ),
            en=(
                "Open the kiosk page and look at the processor chart. If it does not come down, "
                "restart the browser; if it returns every day, look for other processes on this "
                "machine and for dust in the cooler."
            ),
        ),
        citizen=Text2(
            id="Layar menanggapi sentuhan dengan lambat; layanan tetap dapat dipakai.",
            en="The screen answers touches slowly; services can still be used.",
        ),
        open_after_s=300,
        clear_after_s=120,
    ),
    Entry(
        code="system.memory_high",
        severity="warn",
        name=Text2("Memori hampir habis", "Memory nearly used up"),
        advice=Text2(
            id=(
                "Mulai ulang peramban lebih dulu: biasanya ia pemakai terbesar. Bila memori penuh "
                "lagi dalam sehari, laporkan versi portal dan jadwalkan mulai ulang mesin di luar "
                "jam layanan."
            ),
            en=(
                "Restart the browser first: it usually is the largest user. If memory fills again "
                "within a day, report the portal version and plan a restart of the machine outside"
                " service hours."
            ),
        ),
        citizen=Text2(
            id=(
                "Halaman dapat tersendat atau tertutup tiba-tiba; ulangi langkah terakhir bila "
                "terjadi."
            ),
            en="Pages may stall or close by surprise; repeat the last step if that happens.",
        ),
        open_after_s=120,
        clear_after_s=120,
    ),
    Entry(
        code="system.swap_high",
        severity="warn",
        name=Text2("Memori cadangan banyak terpakai", "Swap heavily used"),
        advice=Text2(
            id=(
                "Mesin bekerja di atas kemampuan memorinya. Mulai ulang peramban, lalu mesin di "
                "luar jam layanan; bila terulang, tambah memori atau ganti kartu penyimpanan yang "
                "aus."
            ),
            en=(
                "The machine works beyond its memory. Restart the browser, then the machine "
                "outside service hours; if it returns, add memory or replace the worn storage "
                "card."
            ),
        ),
        citizen=Text2(
            id="Layar terasa sangat lambat; tunggu sejenak setelah setiap sentuhan.",
            en="The screen feels very slow; wait a moment after each touch.",
        ),
        open_after_s=300,
        clear_after_s=300,
    ),
)
