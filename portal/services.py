"""The five services that are built in: the visible table. A release of content has its own.

It owns names and sentences that citizens read, in Indonesian. A service that is not open says so:
nothing on this screen may look as if it could be touched when it cannot.
"""

from typing import Final, Literal, NamedTuple


class Service(NamedTuple):
    picture: Literal["inform", "apply", "complain", "visit", "watch"]  # in static/pictures.svg
    name: str
    promise: str  # what a citizen will be able to do here


SERVICES: Final = (
    Service("inform", "Informasi Layanan", "Syarat, biaya, dan lama pengurusan surat"),
    Service("apply", "Perizinan", "Ajukan permohonan dan cetak tanda terimanya"),
    Service("complain", "Pengaduan", "Sampaikan keluhan dan pantau tindak lanjutnya"),
    Service("visit", "Jemput Bola", "Jadwal layanan keliling di dekat rumah Anda"),
    Service("watch", "Video Panduan", "Cara mengurus surat, langkah demi langkah"),
)
SOON: Final = "Segera hadir di layar ini"
