"""Mains, battery and supply voltage. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="power.on_battery",
        severity="warn",
        name=Text2("Berjalan dengan baterai", "Running on battery"),
        advice=Text2(
            id=(
                "Listrik lokasi padam atau adaptor lepas. Hubungi petugas lokasi: periksa "
                "stopkontak, MCB dan steker UPS sebelum baterai habis."
            ),
            en=(
                "Mains at the site is out or the adapter is unplugged. Call the site staff: check "
                "the outlet, the breaker and the UPS plug before the battery runs out."
            ),
        ),
        citizen=Text2(
            id="Layanan berjalan seperti biasa selama baterai masih ada.",
            en="Services run as usual while the battery lasts.",
        ),
        open_after_s=10,
        clear_after_s=10,
    ),
    Entry(
        code="power.battery_low",
        severity="critical",
        name=Text2("Baterai hampir habis", "Battery nearly empty"),
        advice=Text2(
            id=(
                "Pulihkan listrik sekarang atau matikan anjungan dengan tertib. Catatan yang belum"
                " terkirim aman di penyimpanan dan dikirim saat menyala lagi."
            ),
            en=(
                "Restore mains now or shut the kiosk down in order. Records not yet sent are safe "
                "in storage and leave when it starts again."
            ),
        ),
        citizen=Text2(
            id="Anjungan akan segera mati; selesaikan urusan Anda atau gunakan loket.",
            en="The kiosk will switch off soon; finish what you are doing or use the counter.",
        ),
        open_after_s=0,
        clear_after_s=60,
    ),
    Entry(
        code="power.undervoltage",
        severity="warn",
        name=Text2("Tegangan kurang", "Undervoltage"),
        advice=Text2(
            id=(
                "Ganti catu daya dan kabelnya dengan yang asli; kabel panjang atau tipis adalah "
                "penyebab tersering. Bila dibiarkan, kartu penyimpanan dapat rusak."
            ),
            en=(
                "Replace supply and cable with the original ones; a long or thin cable is the "
                "usual cause. If left alone it can damage the storage card."
            ),
        ),
        citizen=Text2("Belum terasa oleh warga.", "Citizens do not notice it yet."),
        open_after_s=30,
        clear_after_s=300,
    ),
)
