"""The print queue of the kiosk (CUPS). Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="queue.unreachable",
        severity="fail",
        name=Text2("Layanan cetak tidak menjawab", "Print service does not answer"),
        advice=Text2(
            id=(
                "Mulai ulang layanan CUPS di anjungan. Bila tidak hidup, periksa sisa penyimpanan:"
                " antrian yang penuh menghentikannya."
            ),
            en=(
                "Restart the CUPS service on the kiosk. If it does not come up, check free "
                "storage: a full spool stops it."
            ),
        ),
        citizen=Text2(
            id="Dokumen tidak dapat dicetak; permohonan tetap tersimpan.",
            en="Documents cannot be printed; applications are still saved.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="queue.stopped",
        severity="fail",
        name=Text2("Antrian cetak dihentikan", "Print queue stopped"),
        advice=Text2(
            id=(
                "Baca pesan antrian dalam bukti, atasi penyebabnya di printer, lalu aktifkan "
                "kembali antrian."
            ),
            en=(
                "Read the queue's message in the evidence, cure its cause at the printer, then "
                "enable the queue again."
            ),
        ),
        citizen=Text2(
            id="Dokumen tertahan dan tercetak setelah antrian diaktifkan.",
            en="Documents wait and are printed once the queue is enabled.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="queue.rejecting",
        severity="fail",
        name=Text2("Antrian cetak menolak pekerjaan", "Print queue rejects jobs"),
        advice=Text2(
            id=(
                "Seseorang atau sebuah galat menutup antrian. Izinkan kembali penerimaan "
                "pekerjaan, lalu cetak halaman uji."
            ),
            en=(
                "Somebody or an error closed the queue. Let it accept jobs again, then print a "
                "test page."
            ),
        ),
        citizen=Text2(
            id="Dokumen tidak dapat dicetak; simpan nomor registrasi Anda.",
            en="Documents cannot be printed; keep your registration number.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="queue.stuck",
        severity="fail",
        name=Text2("Cetakan tertahan di antrian", "Jobs stuck in the queue"),
        advice=Text2(
            id=(
                "Pekerjaan tertua terlalu lama menunggu. Periksa printer lebih dulu (kertas, "
                "penutup); bila printer sehat, batalkan pekerjaan tertua."
            ),
            en=(
                "The oldest job has waited too long. Check the printer first (paper, cover); if "
                "the printer is fine, cancel the oldest job."
            ),
        ),
        citizen=Text2(
            id="Dokumen terlambat keluar; jangan mengulang permintaan cetak.",
            en="Documents come out late; do not ask for the print again.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
)
