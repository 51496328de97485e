"""The line between kiosk and office. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="network.link_down",
        severity="fail",
        name=Text2("Sambungan jaringan terputus", "Network link down"),
        advice=Text2(
            id=(
                "Periksa kabel jaringan dan lampu pada port serta router; untuk 4G periksa kartu "
                "SIM, kuota dan sinyal. Portal tetap melayani tanpa jaringan."
            ),
            en=(
                "Check the network cable and the lights at the port and the router; on 4G check "
                "the SIM card, its quota and the signal. The portal keeps serving without network."
            ),
        ),
        citizen=Text2(
            id="Informasi tetap tersedia; permohonan disimpan dan dikirim setelah jaringan pulih.",
            en="Information stays available; applications are kept and sent when the line returns.",
        ),
        open_after_s=30,
        clear_after_s=30,
    ),
    Entry(
        code="network.no_address",
        severity="fail",
        name=Text2("Tidak mendapat alamat jaringan", "No network address"),
        advice=Text2(
            id=(
                "Kabel terpasang tetapi router tidak memberi alamat. Mulai ulang router; bila "
                "tetap gagal, periksa DHCP dan apakah port switch diblokir."
            ),
            en=(
                "The cable is in, but the router gives no address. Restart the router; if it still"
                " fails, check DHCP and whether the switch port is blocked."
            ),
        ),
        citizen=Text2(
            id="Informasi tetap tersedia; permohonan dikirim setelah jaringan pulih.",
            en="Information stays available; applications are sent when the line returns.",
        ),
        open_after_s=60,
        clear_after_s=30,
    ),
    Entry(
        code="network.no_gateway",
        severity="fail",
        name=Text2("Tidak ada jalur keluar", "No gateway"),
        advice=Text2(
            id=(
                "Anjungan memiliki alamat tetapi tidak ada rute keluar. Periksa setelan gerbang "
                "(gateway) di router dan hubungi penyedia internet bila router sendiri tidak "
                "tersambung."
            ),
            en=(
                "The kiosk has an address but no route out. Check the gateway setting at the "
                "router, and call the provider if the router itself is not connected."
            ),
        ),
        citizen=Text2(
            id="Informasi tetap tersedia; permohonan dikirim setelah jaringan pulih.",
            en="Information stays available; applications are sent when the line returns.",
        ),
        open_after_s=60,
        clear_after_s=30,
    ),
    Entry(
        code="network.errors",
        severity="warn",
        name=Text2("Banyak galat pada sambungan", "Many errors on the link"),
        advice=Text2(
            id=(
                "Ganti kabel jaringan lebih dulu, lalu coba port lain pada switch. Kabel yang "
                "terjepit atau dekat kabel listrik adalah penyebab tersering."
            ),
            en=(
                "Replace the network cable first, then try another port of the switch. A pinched "
                "cable, or one beside a power line, is the usual cause."
            ),
        ),
        citizen=Text2(
            id="Tidak terasa oleh warga, kecuali halaman daring terbuka lambat.",
            en="Citizens do not notice it, except that online pages open slowly.",
        ),
        open_after_s=120,
        clear_after_s=300,
    ),
)
