"""Heat inside the housing. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="temperature.high",
        severity="warn",
        name=Text2("Suhu tinggi", "Temperature high"),
        advice=Text2(
            id=(
                "Periksa ventilasi dan kipas, bersihkan debu, dan jauhkan anjungan dari sinar "
                "matahari langsung. Mesin melambat sendiri bila suhu terus naik."
            ),
            en=(
                "Check vents and fan, remove dust and keep the kiosk out of direct sunlight. The "
                "machine slows itself down if the temperature keeps rising."
            ),
        ),
        citizen=Text2("Layar mungkin sedikit lebih lambat.", "The screen may be a little slower."),
        open_after_s=60,
        clear_after_s=60,
    ),
    Entry(
        code="temperature.critical",
        severity="critical",
        name=Text2("Suhu berbahaya", "Temperature critical"),
        advice=Text2(
            id=(
                "Datangi segera: kipas mati atau ventilasi tertutup. Bila tidak dapat didatangi "
                "dalam satu jam, matikan mesin dengan tertib agar tidak rusak."
            ),
            en=(
                "Go there at once: the fan has stopped or the vents are covered. If nobody can "
                "come within an hour, shut the machine down in order before it is damaged."
            ),
        ),
        citizen=Text2(
            id="Anjungan dapat mati sewaktu-waktu; gunakan loket untuk urusan penting.",
            en="The kiosk may switch off at any time; use the counter for anything important.",
        ),
        open_after_s=15,
        clear_after_s=120,
    ),
)
