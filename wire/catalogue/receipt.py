"""The receipt printer (ESC/POS). Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="receipt.unreachable",
        severity="fail",
        name=Text2("Printer struk tidak terjangkau", "Receipt printer unreachable"),
        advice=Text2(
            id=(
                "Periksa daya dan kabel printer struk, lalu matikan dan nyalakan. Sambungan "
                "jaringannya hanya melayani satu pemakai: pastikan tidak ada program lain yang "
                "memegangnya."
            ),
            en=(
                "Check the power and the cable of the receipt printer, then switch it off and on. "
                "Its network port serves one user only: make sure no other program holds it."
            ),
        ),
        citizen=Text2(
            id="Tanda terima tidak tercetak; foto atau catat nomor registrasi di layar.",
            en=(
                "No receipt is printed; photograph or write down the registration number on the "
                "screen."
            ),
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="receipt.offline",
        severity="fail",
        name=Text2("Printer struk offline", "Receipt printer offline"),
        advice=Text2(
            id=(
                "Printer menjawab tetapi tidak siap. Tekan tombol umpan atau online di printer; "
                "bila tetap offline, buka dan tutup penutupnya."
            ),
            en=(
                "The printer answers but is not ready. Press its feed or online button; if it "
                "stays offline, open and close the cover."
            ),
        ),
        citizen=Text2(
            id="Tanda terima tidak tercetak; foto atau catat nomor registrasi di layar.",
            en=(
                "No receipt is printed; photograph or write down the registration number on the "
                "screen."
            ),
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="receipt.paper_out",
        severity="fail",
        name=Text2("Kertas struk habis", "Receipt paper out"),
        advice=Text2(
            id=(
                "Pasang gulungan baru dengan sisi termal menghadap kepala cetak dan tutup sampai "
                "terkunci."
            ),
            en=(
                "Put in a new roll with the thermal side towards the print head and close it until"
                " it locks."
            ),
        ),
        citizen=Text2(
            id="Tanda terima tidak tercetak; foto atau catat nomor registrasi di layar.",
            en=(
                "No receipt is printed; photograph or write down the registration number on the "
                "screen."
            ),
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="receipt.paper_low",
        severity="warn",
        name=Text2("Kertas struk hampir habis", "Receipt paper low"),
        advice=Text2(
            id=(
                "Sisa gulungan tinggal beberapa meter. Minta petugas lokasi menyiapkan gulungan "
                "dan menggantinya hari ini."
            ),
            en=(
                "Only a few metres are left on the roll. Ask the site staff to get a roll ready "
                "and change it today."
            ),
        ),
        citizen=Text2("Belum terasa oleh warga.", "Citizens do not notice it yet."),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="receipt.cover_open",
        severity="fail",
        name=Text2("Penutup printer struk terbuka", "Receipt printer cover open"),
        advice=Text2(
            id="Tutup penutup sampai berbunyi klik. Bila sering terbuka sendiri, ganti pengaitnya.",
            en="Close the cover until it clicks. If it often opens by itself, replace the latch.",
        ),
        citizen=Text2(
            id="Tanda terima belum dapat dicetak sampai penutup ditutup petugas.",
            en="Receipts cannot be printed until staff close the cover.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="receipt.cutter",
        severity="fail",
        name=Text2("Pemotong struk macet", "Receipt cutter jammed"),
        advice=Text2(
            id=(
                "Matikan printer, bersihkan sisa kertas dari pemotong, putar rodanya ke posisi "
                "awal, lalu nyalakan."
            ),
            en=(
                "Switch the printer off, clear paper from the cutter, turn its wheel to the home "
                "position and switch on."
            ),
        ),
        citizen=Text2(
            id="Tanda terima tidak keluar; panggil petugas dan jangan menarik kertas.",
            en="The receipt does not come out; call the staff and do not pull the paper.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="receipt.error",
        severity="fail",
        name=Text2("Galat pada printer struk", "Receipt printer error"),
        advice=Text2(
            id=(
                "Matikan dan nyalakan printer. Bila galat tetap dan dinyatakan tidak dapat pulih, "
                "ganti unitnya."
            ),
            en=(
                "Switch the printer off and on. If the error stays and is said to be "
                "unrecoverable, replace the unit."
            ),
        ),
        citizen=Text2(
            id="Tanda terima tidak tercetak; foto atau catat nomor registrasi di layar.",
            en=(
                "No receipt is printed; photograph or write down the registration number on the "
                "screen."
            ),
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="receipt.overheated",
        severity="fail",
        name=Text2("Kepala cetak struk terlalu panas", "Receipt print head too hot"),
        advice=Text2(
            id=(
                "Tunggu beberapa menit; printer lanjut sendiri setelah dingin. Bila sering, "
                "kurangi bidang hitam pada struk dan periksa ventilasi."
            ),
            en=(
                "Wait a few minutes; the printer goes on once it has cooled. If it is frequent, "
                "reduce black areas on the receipt and check the vents."
            ),
        ),
        citizen=Text2(
            id="Tanda terima keluar beberapa menit lagi.",
            en="The receipt comes out in a few minutes.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
)
