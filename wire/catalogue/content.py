"""What arrives at the kiosk and is shown: releases of content and software. Faults and texts."""

from wire.catalogue.entry import Entry, Text2

_UNTOUCHED = Text2(
    id="Layar tetap menampilkan isi terakhir yang baik.",
    en="The screen goes on showing the last good content.",
)
ENTRIES = (
    Entry(
        code="content.damaged",
        severity="fail",
        name=Text2("Berkas konten rusak", "Content files damaged"),
        advice=Text2(
            id=(
                "Anjungan memperbaikinya sendiri dari rilis sebelumnya atau dari kantor. Bila "
                "berulang, ganti media penyimpanannya: berkas rusak berarti disk mulai gagal."
            ),
            en=(
                "The kiosk repairs them itself from the previous release or from the office. If "
                "it comes again, replace its storage: files that rot mean a disk that fails."
            ),
        ),
        citizen=Text2(
            id="Sebagian halaman atau video mungkin tidak tampil sampai perbaikan selesai.",
            en="Some pages or videos may not show until the repair is done.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="content.failing",
        severity="warn",
        name=Text2("Rilis tidak dapat dipasang", "A release cannot be installed"),
        advice=Text2(
            id=(
                "Baca alasannya pada bukti. Ruang disk: kosongkan. Jaringan: periksa jalurnya. "
                "Tanda tangan atau pemeriksaan kesehatan: laporkan kepada penerbit rilis."
            ),
            en=(
                "Read the reason in the evidence. Disk space: free some. Network: check the line. "
                "A signature or the health check: tell whoever published the release."
            ),
        ),
        citizen=_UNTOUCHED,
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="content.stale",
        severity="warn",
        name=Text2("Kabar rilis kedaluwarsa", "News of releases has expired"),
        advice=Text2(
            id=(
                "Anjungan lama tidak mendapat kabar rilis yang ditandatangani: periksa alamat "
                "rilis dan apakah kantor menandatangani ulang setiap hari."
            ),
            en=(
                "The kiosk has had no freshly signed news of releases for long: check the address "
                "of releases, and whether the office signs anew every day."
            ),
        ),
        citizen=_UNTOUCHED,
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="content.budget",
        severity="info",
        name=Text2("Jatah data habis", "Data budget used up"),
        advice=Text2(
            id=(
                "Pengambilan rilis berhenti sampai hari atau bulan berikutnya. Naikkan jatah di "
                "agent.toml bila rilis ini mendesak."
            ),
            en=(
                "Fetching rests until the next day or month. Raise the budget in agent.toml if "
                "this release is urgent."
            ),
        ),
        citizen=_UNTOUCHED,
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="content.clock",
        severity="info",
        name=Text2("Jam anjungan tidak dipercaya", "The kiosk's clock is not trusted"),
        advice=Text2(
            id=(
                "Jam perangkat keras berada sebelum saat terakhir yang ditandatangani: biasanya "
                "baterai jam habis. Pembaruan tetap berjalan dengan waktu kantor."
            ),
            en=(
                "The hardware clock lies before the last signed moment: usually its battery is "
                "empty. Updates go on with the office's time."
            ),
        ),
        citizen=_UNTOUCHED,
        open_after_s=0,
        clear_after_s=0,
    ),
)
