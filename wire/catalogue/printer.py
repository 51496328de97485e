"""The document printer, asked directly by IPP. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="printer.unreachable",
        severity="fail",
        name=Text2("Printer tidak terjangkau", "Printer unreachable"),
        advice=Text2(
            id=(
                "Periksa daya printer dan kabel USB atau jaringannya, lalu matikan dan nyalakan "
                "kembali. Bila alamatnya berubah, perbarui setelan anjungan."
            ),
            en=(
                "Check the printer's power and its USB or network cable, then switch it off and "
                "on. If its address has changed, update the kiosk's settings."
            ),
        ),
        citizen=Text2(
            id=(
                "Dokumen tidak dapat dicetak di anjungan ini; simpan nomor registrasi atau minta "
                "cetak di loket."
            ),
            en=(
                "Documents cannot be printed at this kiosk; keep the registration number or ask "
                "the counter to print."
            ),
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="printer.paper_out",
        severity="fail",
        name=Text2("Kertas printer habis", "Printer out of paper"),
        advice=Text2(
            id=(
                "Isi baki kertas dengan ukuran yang sama dan rapatkan penahannya. Cetakan yang "
                "tertunda berlanjut sendiri."
            ),
            en=(
                "Fill the tray with the same paper size and set the guides. Waiting jobs continue "
                "by themselves."
            ),
        ),
        citizen=Text2(
            id="Dokumen belum dapat dicetak sampai kertas diisi; permohonan tetap tersimpan.",
            en="Documents cannot be printed until paper is filled; applications are still saved.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="printer.paper_low",
        severity="warn",
        name=Text2("Kertas printer hampir habis", "Printer paper low"),
        advice=Text2(
            id="Isi kertas pada kunjungan berikut atau minta petugas lokasi mengisinya hari ini.",
            en="Fill paper on the next visit or ask the site staff to do it today.",
        ),
        citizen=Text2("Belum terasa oleh warga.", "Citizens do not notice it yet."),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="printer.paper_jam",
        severity="fail",
        name=Text2("Kertas macet di printer", "Paper jam in the printer"),
        advice=Text2(
            id=(
                "Matikan printer, buka penutup, tarik kertas searah jalannya tanpa menyobek, "
                "periksa sisa sobekan, lalu tutup dan nyalakan."
            ),
            en=(
                "Switch the printer off, open the cover, pull the paper along its path without "
                "tearing it, look for scraps, then close and switch on."
            ),
        ),
        citizen=Text2(
            id="Dokumen tidak dapat dicetak; jangan menarik kertas sendiri, panggil petugas.",
            en="Documents cannot be printed; do not pull the paper yourself, call the staff.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="printer.cover_open",
        severity="fail",
        name=Text2("Penutup printer terbuka", "Printer cover open"),
        advice=Text2(
            id=(
                "Tutup semua penutup dan baki sampai berbunyi klik. Bila tetap dilaporkan terbuka,"
                " periksa pengait dan sensornya."
            ),
            en=(
                "Close every cover and tray until they click. If it is still reported open, check "
                "the latch and its sensor."
            ),
        ),
        citizen=Text2(
            id="Dokumen belum dapat dicetak sampai penutup ditutup petugas.",
            en="Documents cannot be printed until staff close the cover.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="printer.toner_low",
        severity="warn",
        name=Text2("Toner atau tinta hampir habis", "Toner or ink low"),
        advice=Text2(
            id=(
                "Siapkan toner atau tinta pengganti yang sesuai jenis printer dan bawa pada "
                "kunjungan berikut."
            ),
            en="Get the toner or ink that fits this printer ready and take it on the next visit.",
        ),
        citizen=Text2("Hasil cetak mungkin agak pudar.", "Prints may look a little faint."),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="printer.toner_empty",
        severity="fail",
        name=Text2("Toner atau tinta habis", "Toner or ink empty"),
        advice=Text2(
            id=(
                "Ganti toner atau tinta sekarang, lalu cetak halaman uji. Bila tetap dilaporkan "
                "habis, keluarkan dan pasang ulang kartrid."
            ),
            en=(
                "Replace the toner or ink now, then print a test page. If it is still reported "
                "empty, take the cartridge out and seat it again."
            ),
        ),
        citizen=Text2(
            id="Dokumen tidak dapat dicetak di sini; minta cetak di loket.",
            en="Documents cannot be printed here; ask the counter to print.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="printer.waste_full",
        severity="warn",
        name=Text2("Wadah sisa toner penuh", "Waste toner box full"),
        advice=Text2(
            id=(
                "Ganti wadah sisa toner: bila dibiarkan, printer akan berhenti sendiri. Jangan "
                "mengosongkan wadah lama di ruang layanan."
            ),
            en=(
                "Replace the waste toner box: if left, the printer will stop by itself. Do not "
                "empty the old box in the service room."
            ),
        ),
        citizen=Text2("Belum terasa oleh warga.", "Citizens do not notice it yet."),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="printer.stopped",
        severity="fail",
        name=Text2("Printer berhenti", "Printer stopped"),
        advice=Text2(
            id=(
                "Printer menolak bekerja. Baca pesan di panelnya, matikan dan nyalakan; bila "
                "ditahan oleh seseorang, lepaskan tahanannya."
            ),
            en=(
                "The printer refuses to work. Read the message on its panel, switch it off and on;"
                " if somebody paused it, resume it."
            ),
        ),
        citizen=Text2(
            id="Dokumen tidak dapat dicetak di sini untuk sementara.",
            en="Documents cannot be printed here for now.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="printer.error",
        severity="fail",
        name=Text2("Printer melaporkan galat", "Printer reports an error"),
        advice=Text2(
            id=(
                "Lihat alasan dalam bukti dan panduan printer. Matikan dan nyalakan sekali; bila "
                "kembali, hubungi layanan perbaikan dengan menyebut alasan itu."
            ),
            en=(
                "See the reason in the evidence and the printer's manual. Switch it off and on "
                "once; if it returns, call the repair service and quote that reason."
            ),
        ),
        citizen=Text2(
            id="Dokumen tidak dapat dicetak di sini; minta cetak di loket.",
            en="Documents cannot be printed here; ask the counter to print.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
)
