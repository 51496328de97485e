"""What the office itself concludes about a kiosk. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="kiosk.offline",
        severity="fail",
        name=Text2("Anjungan tidak terhubung", "Kiosk offline"),
        advice=Text2(
            id=(
                "Telepon lokasi: apakah layar menyala? Bila menyala, periksa router dan jaringan; "
                "bila gelap, periksa listrik dan tombol daya."
            ),
            en=(
                "Call the site: is the screen lit? If it is, check router and line; if it is dark,"
                " check mains and the power button."
            ),
        ),
        citizen=Text2(
            id="Mungkin tetap melayani dari portal setempat; kantor belum dapat memastikannya.",
            en="It may still serve from its own portal; the office cannot tell.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="kiosk.flapping",
        severity="warn",
        name=Text2("Sambungan putus-nyambung", "Connection comes and goes"),
        advice=Text2(
            id=(
                "Lihat garis waktu kehadiran. Pola teratur menunjuk ke router atau daya; acak "
                "menunjuk ke sinyal atau kabel. Pastikan tidak ada dua anjungan dengan nama yang "
                "sama."
            ),
            en=(
                "Look at the timeline of presence. A regular pattern points to router or power; a "
                "random one to signal or cable. Make sure no two kiosks share one name."
            ),
        ),
        citizen=Text2(
            id="Tidak terasa oleh warga; kiriman dapat terlambat.",
            en="Citizens do not notice it; what they send may arrive late.",
        ),
        open_after_s=0,
        clear_after_s=600,
    ),
    Entry(
        code="kiosk.clock_wrong",
        severity="warn",
        name=Text2("Jam anjungan salah", "Kiosk clock wrong"),
        advice=Text2(
            id=(
                "Aktifkan sinkronisasi waktu (NTP) pada anjungan. Bila jam kembali salah setelah "
                "mati, ganti baterai jam pada papan utama."
            ),
            en=(
                "Switch time synchronisation (NTP) on at the kiosk. If the clock is wrong again "
                "after power was off, replace the clock battery of the mainboard."
            ),
        ),
        citizen=Text2(
            id="Tanggal atau jam pada layar dan tanda terima dapat keliru.",
            en="Date or time on the screen and on receipts may be wrong.",
        ),
        open_after_s=0,
        clear_after_s=60,
    ),
    Entry(
        code="kiosk.messages_lost",
        severity="info",
        name=Text2("Sebagian pembacaan hilang", "Some readings were lost"),
        advice=Text2(
            id=(
                "Tidak perlu tindakan bila hanya sekali: kantor sudah meminta gambaran lengkap. "
                "Bila sering, periksa mutu jaringan dan beban broker."
            ),
            en=(
                "Nothing to do if it happens once: the office has already asked for a full "
                "picture. If it is frequent, check the line and the load of the broker."
            ),
        ),
        citizen=Text2("Tidak terasa oleh warga.", "Citizens do not notice it."),
        open_after_s=0,
        clear_after_s=3600,
    ),
    Entry(
        code="kiosk.facts_lost",
        severity="warn",
        name=Text2("Catatan peristiwa hilang", "Recorded events were lost"),
        advice=Text2(
            id=(
                "Anjungan membuang catatan sebelum kantor menyimpannya: penyimpanannya penuh atau "
                "rusak. Periksa kartu penyimpanan; garis waktu anjungan ini berlubang pada masa "
                "itu."
            ),
            en=(
                "The kiosk dropped records before the office had stored them: its storage was full"
                " or damaged. Check the storage card; this kiosk's timeline has a hole there."
            ),
        ),
        citizen=Text2("Tidak terasa oleh warga.", "Citizens do not notice it."),
        open_after_s=0,
        clear_after_s=86400,
    ),
    Entry(
        code="kiosk.malformed",
        severity="warn",
        name=Text2("Pesan anjungan tidak dapat dibaca", "Kiosk sends unreadable messages"),
        advice=Text2(
            id=(
                "Lihat alasan penolakan dalam bukti. Versi yang berbeda: perbarui agen. Alasan "
                "lain: pasang ulang agen dan periksa apakah mesin lain memakai identitas anjungan "
                "ini."
            ),
            en=(
                "See why they were refused in the evidence. Another version: update the agent. "
                "Anything else: install the agent again and check whether another machine uses "
                "this kiosk's identity."
            ),
        ),
        citizen=Text2("Tidak terasa oleh warga.", "Citizens do not notice it."),
        open_after_s=0,
        clear_after_s=3600,
    ),
    Entry(
        code="kiosk.probe_silent",
        severity="warn",
        name=Text2("Sebuah pemeriksa tidak melapor", "A probe does not report"),
        advice=Text2(
            id=(
                "Anjungan terhubung tetapi satu bagiannya tidak dilaporkan. Mulai ulang agen; bila"
                " terulang, kirim log agen kepada pengembang."
            ),
            en=(
                "The kiosk is connected but one part of it is not reported. Restart the agent; if "
                "it returns, send the agent's log to the developers."
            ),
        ),
        citizen=Text2(
            id="Tidak terasa oleh warga, tetapi kantor tidak dapat melihat bagian itu.",
            en="Citizens do not notice it, but the office cannot see that part.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="kiosk.probe_failing",
        severity="warn",
        name=Text2("Sebuah pemeriksa gagal", "A probe fails"),
        advice=Text2(
            id=(
                "Agen tidak berhasil memeriksa perangkat itu; alasannya ada dalam bukti. Periksa "
                "setelan dan izin pemeriksa, lalu perangkatnya sendiri."
            ),
            en=(
                "The agent could not examine that part; the reason is in the evidence. Check the "
                "settings and permissions of the probe, then the part itself."
            ),
        ),
        citizen=Text2(
            id="Tidak terasa oleh warga, tetapi kantor tidak dapat memastikan bagian itu bekerja.",
            en="Citizens do not notice it, but the office cannot tell whether that part works.",
        ),
        open_after_s=60,
        clear_after_s=30,
    ),
    Entry(
        code="kiosk.restarting",
        severity="warn",
        name=Text2("Anjungan berulang kali mulai ulang", "Kiosk keeps restarting"),
        advice=Text2(
            id=(
                "Lihat lama menyala dan suhu. Penyebab tersering: catu daya lemah, panas, atau "
                "kartu penyimpanan rusak. Ganti catu daya lebih dulu."
            ),
            en=(
                "Look at uptime and temperature. Usual causes: weak power supply, heat, or a "
                "damaged storage card. Replace the power supply first."
            ),
        ),
        citizen=Text2(
            id="Layar dapat mati sejenak dan isian yang belum dikirim hilang.",
            en="The screen may go off for a moment, and what was not yet sent is lost.",
        ),
        open_after_s=0,
        clear_after_s=1800,
    ),
    Entry(
        code="kiosk.cloned",
        severity="critical",
        name=Text2("Identitas digandakan", "Identity copied"),
        advice=Text2(
            id=(
                "Dua mesin memakai identitas anjungan ini; keduanya sudah dikarantina. Datangi "
                "lokasi, pastikan mesin yang asli, cari tahu siapa yang menyalin penyimpanannya, "
                "lalu undang mesin yang asli dengan kode baru."
            ),
            en=(
                "Two machines use this kiosk's identity; both are in quarantine. Go there, make "
                "sure which machine is ours, find out who copied its disk, then invite that "
                "machine with a new code."
            ),
        ),
        citizen=Text2(
            id="Mesin asli tetap melayani dari portal setempat; kirimannya menunggu.",
            en="Our machine still serves from its own portal; what citizens send waits there.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="kiosk.restored",
        severity="warn",
        name=Text2("Ingatan anjungan mundur", "Kiosk's memory went back"),
        advice=Text2(
            id=(
                "Penyimpanan anjungan dikembalikan ke salinan lama, atau ada mesin lain yang "
                "memakai salinannya. Bila tidak ada yang memulihkan cadangan, curigai penyalinan."
            ),
            en=(
                "The kiosk's disk was put back to an older copy, or another machine runs from a "
                "copy of it. If nobody restored a backup, suspect that somebody copied the disk."
            ),
        ),
        citizen=Text2(
            id="Tidak terasa oleh warga.",
            en="Citizens do not notice it.",
        ),
        open_after_s=0,
        clear_after_s=86_400,
    ),
    Entry(
        code="kiosk.flooding",
        severity="fail",
        name=Text2("Anjungan membanjiri kantor", "Kiosk floods the office"),
        advice=Text2(
            id=(
                "Anjungan mengirim jauh lebih banyak daripada yang wajar dan untuk sementara "
                "ditolak. Periksa programnya; bila tidak ada sebab, anggap kuncinya dicuri dan "
                "cabut identitasnya."
            ),
            en=(
                "The kiosk sends far more than it ever should and is refused for a while. Check "
                "its software; if there is no cause, take its key for stolen and revoke it."
            ),
        ),
        citizen=Text2(
            id="Mungkin tetap melayani dari portal setempat; kirimannya menunggu.",
            en="It may still serve from its own portal; what citizens send waits there.",
        ),
        open_after_s=0,
        clear_after_s=900,
    ),
    Entry(
        code="kiosk.certificate_ending",
        severity="warn",
        name=Text2("Sertifikat hampir berakhir", "Certificate about to end"),
        advice=Text2(
            id=(
                "Anjungan seharusnya sudah memperbarui sertifikatnya. Periksa apakah pintu kantor "
                "terjangkau dari sana dan jam anjungan benar; terakhir, undang dengan kode baru."
            ),
            en=(
                "The kiosk should have renewed its certificate by now. Check that it reaches the "
                "office's door and that its clock is right; at last, invite it with a new code."
            ),
        ),
        citizen=Text2(
            id="Belum terasa oleh warga.",
            en="Citizens do not notice it yet.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
)
