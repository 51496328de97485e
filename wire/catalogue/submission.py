"""What citizens handed in and the kiosk still keeps. Its faults and their texts."""

from wire.catalogue.entry import Entry, Text2

ENTRIES = (
    Entry(
        code="submission.high",
        severity="warn",
        name=Text2("Berkas warga menumpuk", "Citizens' records pile up"),
        advice=Text2(
            id=(
                "Baki anjungan terisi empat perlima. Pulihkan jaringan agar berkas terkirim; bila "
                "lama, ambil berkas tersegel dengan USB. Jangan menghapus apa pun dari baki."
            ),
            en=(
                "The kiosk's tray is four fifths full. Restore the line so that records leave; if "
                "that takes long, fetch the sealed records by USB. Delete nothing from the tray."
            ),
        ),
        citizen=Text2(
            id="Permohonan masih diterima, tetapi belum sampai ke petugas.",
            en="Applications are still taken, but have not reached the officers yet.",
        ),
        open_after_s=0,
        clear_after_s=60,
    ),
    Entry(
        code="submission.full",
        severity="fail",
        name=Text2("Baki berkas warga penuh", "Tray of citizens' records is full"),
        advice=Text2(
            id=(
                "Permohonan dan pengaduan baru ditolak. Pulihkan jaringan atau ambil berkas "
                "tersegel dengan USB; periksa juga sisa penyimpanan."
            ),
            en=(
                "New applications and complaints are refused. Restore the line or fetch the sealed "
                "records by USB; look at the free storage, too."
            ),
        ),
        citizen=Text2(
            id="Permohonan dan pengaduan baru belum dapat diterima di anjungan ini.",
            en="This kiosk cannot take new applications and complaints for now.",
        ),
        open_after_s=0,
        clear_after_s=60,
    ),
    Entry(
        code="submission.refused",
        severity="warn",
        name=Text2("Berkas warga ditolak kantor", "The office refuses a citizen's record"),
        advice=Text2(
            id=(
                "Berkas disisihkan di anjungan dan dikarantina di kantor. Bacalah alasannya di "
                "kantor, perbaiki penyebabnya, dan hubungi warga bila perlu."
            ),
            en=(
                "The record was put aside on the kiosk and quarantined at the office. Read the "
                "reason there, cure its cause, and find the citizen if need be."
            ),
        ),
        citizen=Text2(
            id="Satu permohonan belum diterima; tanyakan kepada petugas dengan nomor tanda terima.",
            en="One application was not accepted; ask an officer with the receipt number.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
    Entry(
        code="submission.late",
        severity="warn",
        name=Text2(
            "Berkas warga tertahan lebih dari sehari", "Citizens' records wait for over a day"
        ),
        advice=Text2(
            id=(
                "Bacalah sebabnya dalam bukti: jaringan, pintu kantor, atau identitas anjungan. "
                "Batas waktu jawaban bagi warga sudah berjalan."
            ),
            en=(
                "Read the cause in the evidence: the line, the office's door, or the kiosk's "
                "identity. Citizens already count the days until an answer."
            ),
        ),
        citizen=Text2(
            id="Permohonan tersimpan aman, tetapi petugas belum menerimanya.",
            en="Applications are kept safely, but officers have not received them yet.",
        ),
        open_after_s=0,
        clear_after_s=0,
    ),
)
