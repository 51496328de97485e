"""Storage of the kiosk. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="disk.nearly_full",
        severity="warn",
        name=Text2("Penyimpanan hampir penuh", "Storage nearly full"),
        advice=Text2(
            id=(
                "Lihat partisi yang disebut dalam bukti. Hapus berkas cetak dan log lama, lalu "
                "pastikan rilis konten lama sudah dibuang sebelum penyimpanan benar-benar penuh."
            ),
            en=(
                "See which mount the evidence names. Remove old print files and logs, and make "
                "sure old content releases are gone before storage really fills."
            ),
        ),
        citizen=Text2("Belum terasa oleh warga.", "Citizens do not notice it yet."),
        open_after_s=60,
        clear_after_s=300,
    ),
    Entry(
        code="disk.full",
        severity="fail",
        name=Text2("Penyimpanan penuh", "Storage full"),
        advice=Text2(
            id=(
                "Segera kosongkan ruang pada partisi yang disebut: antrian cetak, log, tangkapan "
                "layar. Selama penuh, anjungan tidak dapat menyimpan catatan baru dan catatan "
                "ringan dapat hilang."
            ),
            en=(
                "Free space on the named mount at once: print spool, logs, screenshots. While it "
                "is full the kiosk cannot keep new records and minor records may be lost."
            ),
        ),
        citizen=Text2(
            id=(
                "Informasi masih dapat dibaca, tetapi permohonan dan pengaduan mungkin tidak "
                "tersimpan; gunakan loket."
            ),
            en=(
                "Information can still be read, but applications and complaints may not be saved; "
                "please use the counter."
            ),
        ),
        open_after_s=0,
        clear_after_s=60,
    ),
    Entry(
        code="disk.read_only",
        severity="critical",
        name=Text2("Penyimpanan terkunci, hanya dapat dibaca", "Storage has become read-only"),
        advice=Text2(
            id=(
                "Sistem operasi mengunci penyimpanan karena menemukan kerusakan. Jangan mulai "
                "ulang berkali-kali: siapkan media pengganti, pasang citra anjungan, lalu ganti di"
                " tempat."
            ),
            en=(
                "The operating system locked the storage because it found damage. Do not restart "
                "again and again: prepare a replacement medium, write the kiosk image and swap it "
                "on site."
            ),
        ),
        citizen=Text2(
            id="Permohonan dan pengaduan tidak dapat disimpan di anjungan ini; gunakan loket.",
            en="Applications and complaints cannot be saved at this kiosk; please use the counter.",
        ),
        open_after_s=0,
        clear_after_s=30,
    ),
    Entry(
        code="disk.inodes_low",
        severity="warn",
        name=Text2("Jatah jumlah berkas hampir habis", "Nearly out of inodes"),
        advice=Text2(
            id=(
                "Terlalu banyak berkas kecil. Cari folder dengan ribuan berkas, biasanya cache "
                "peramban atau antrian cetak, lalu kosongkan."
            ),
            en=(
                "Too many small files. Look for a folder with thousands of them, usually the "
                "browser cache or the print spool, and empty it."
            ),
        ),
        citizen=Text2("Belum terasa oleh warga.", "Citizens do not notice it yet."),
        open_after_s=60,
        clear_after_s=300,
    ),
)
