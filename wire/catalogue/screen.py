"""What the citizen sees and touches. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="screen.disconnected",
        severity="critical",
        name=Text2("Layar tidak tersambung", "Screen disconnected"),
        advice=Text2(
            id=(
                "Periksa kabel video di kedua ujung dan daya layar. Bila memakai adaptor, ganti "
                "adaptornya; setelah tersambung, gambar kembali sendiri."
            ),
            en=(
                "Check the video cable at both ends and the power of the screen. If an adapter is "
                "used, replace it; once connected, the picture returns by itself."
            ),
        ),
        citizen=Text2(
            id="Layar mati; tidak ada layanan yang dapat dipakai di anjungan ini.",
            en="The screen is off; no service can be used at this kiosk.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="screen.dark",
        severity="fail",
        name=Text2("Layar dipadamkan", "Screen switched off"),
        advice=Text2(
            id=(
                "Layar tersambung tetapi tidak menyala. Periksa tombol daya dan lampu latar, lalu "
                "setelan hemat daya: anjungan tidak boleh tertidur pada jam layanan."
            ),
            en=(
                "The screen is connected but not lit. Check its power button and backlight, then "
                "the power-saving settings: a kiosk must not sleep in service hours."
            ),
        ),
        citizen=Text2(
            id="Layar gelap; layanan tidak dapat dipakai sampai petugas menyalakannya.",
            en="The screen is dark; services cannot be used until staff switch it on.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="screen.black",
        severity="fail",
        name=Text2("Gambar hitam polos", "Picture is plain black"),
        advice=Text2(
            id=(
                "Layar menyala tetapi tidak ada gambar. Mulai ulang peramban; bila tetap hitam, "
                "mulai ulang sesi layar lalu mesin."
            ),
            en=(
                "The screen is lit but there is no picture. Restart the browser; if it stays "
                "black, restart the display session and then the machine."
            ),
        ),
        citizen=Text2(
            id="Tidak ada yang tampil di layar; layanan tidak dapat dipakai.",
            en="Nothing is shown on the screen; services cannot be used.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="screen.frozen",
        severity="fail",
        name=Text2("Gambar membeku", "Picture is frozen"),
        advice=Text2(
            id=(
                "Jam di halaman tidak bergerak padahal peramban hidup. Mulai ulang peramban; bila "
                "terulang, periksa suhu dan pemakaian memori."
            ),
            en=(
                "The clock on the page does not move although the browser lives. Restart the "
                "browser; if it returns, check temperature and memory."
            ),
        ),
        citizen=Text2(
            id="Layar tidak menanggapi sentuhan; gunakan loket.",
            en="The screen does not answer touches; please use the counter.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="screen.wrong_size",
        severity="warn",
        name=Text2("Ukuran gambar salah", "Wrong picture size"),
        advice=Text2(
            id=(
                "Resolusi tidak sama dengan yang ditetapkan untuk anjungan ini. Periksa kabel dan "
                "adaptor (EDID tidak terbaca), lalu pilih kembali resolusi yang benar."
            ),
            en=(
                "The resolution is not the one set for this kiosk. Check cable and adapter (EDID "
                "unreadable), then choose the right resolution again."
            ),
        ),
        citizen=Text2(
            id="Tulisan tampak terlalu besar, terlalu kecil atau terpotong.",
            en="Text looks too large, too small or cut off.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
    Entry(
        code="screen.touch_missing",
        severity="fail",
        name=Text2("Layar sentuh tidak ditemukan", "Touch panel missing"),
        advice=Text2(
            id=(
                "Cabut dan pasang kembali kabel USB panel sentuh. Bila tidak muncul lagi, mulai "
                "ulang mesin; bila terulang, ganti kabel atau panel."
            ),
            en=(
                "Unplug the USB cable of the touch panel and plug it in again. If it does not "
                "return, restart the machine; if it happens again, replace cable or panel."
            ),
        ),
        citizen=Text2(
            id="Layar menampilkan informasi tetapi tidak dapat disentuh; minta bantuan petugas.",
            en="The screen shows information but cannot be touched; please ask the staff.",
        ),
        open_after_s=0,
        clear_after_s=5,
    ),
)
