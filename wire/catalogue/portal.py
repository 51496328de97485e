"""The citizens' web app on the kiosk. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="portal.down",
        severity="fail",
        name=Text2("Portal tidak menjawab", "Portal does not answer"),
        advice=Text2(
            id=(
                "Mulai ulang layanan portal di anjungan. Bila tidak hidup, periksa sisa "
                "penyimpanan dan kembalikan rilis konten sebelumnya."
            ),
            en=(
                "Restart the portal service on the kiosk. If it does not come up, check free "
                "storage and go back to the previous content release."
            ),
        ),
        citizen=Text2(
            id="Semua layanan di layar tidak dapat dipakai sampai portal hidup kembali.",
            en="No service on the screen can be used until the portal is back.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="portal.slow",
        severity="warn",
        name=Text2("Portal lambat menjawab", "Portal answers slowly"),
        advice=Text2(
            id=(
                "Lihat prosesor, memori dan penyimpanan pada saat yang sama. Bila semuanya wajar, "
                "mulai ulang layanan portal dan catat lamanya jawaban dalam bukti."
            ),
            en=(
                "Look at processor, memory and storage at the same moment. If all are normal, "
                "restart the portal service and note the answer time in the evidence."
            ),
        ),
        citizen=Text2(
            id="Halaman terbuka lebih lama dari biasanya; layanan tetap dapat dipakai.",
            en="Pages take longer to open than usual; services can still be used.",
        ),
        open_after_s=30,
        clear_after_s=30,
    ),
    Entry(
        code="portal.maintenance",
        severity="info",
        name=Text2("Ditutup untuk pemeliharaan", "Closed for maintenance"),
        advice=Text2(
            id=(
                "Seorang teknisi menutup layar ini. Bila pekerjaan selesai, matikan mode "
                "pemeliharaan; lihat daftar perintah untuk siapa yang menyalakannya."
            ),
            en=(
                "A technician has closed this screen. When the work is done, switch maintenance "
                "mode off; the list of commands says who switched it on."
            ),
        ),
        citizen=Text2(
            id="Layar memberi tahu bahwa anjungan sedang dirawat; gunakan loket.",
            en="The screen says that the kiosk is being looked after; use the counter.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
)
