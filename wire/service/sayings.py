"""What a citizen reads when an answer will not do, or is unusual: one sentence a code. Pure.

A sentence says what to do, not what is wrong with the citizen; {most} is the field's limit.
"""

from collections.abc import Mapping
from typing import Final

from wire.service.document import Words

PROBLEMS: Final[Mapping[str, Words]] = {
    "required": Words(
        "Isi bagian ini untuk melanjutkan.",
        "Eusian heula bagian ieu pikeun neruskeun.",
        "Please fill this in to go on.",
    ),
    "too_long": Words(
        "Terlalu panjang. Paling banyak {most} huruf.",
        "Panjang teuing. Pangseueurna {most} aksara.",
        "Too long. At most {most} characters.",
    ),
    "number": Words(
        "Tulis dengan angka saja.", "Serat ku angka wungkul.", "Please write digits only."
    ),
    "too_large": Words(
        "Angka ini terlalu besar. Paling besar {most}.",
        "Angka ieu ageung teuing. Pangageungna {most}.",
        "This number is too large. At most {most}.",
    ),
    "date": Words(
        "Tanggal ini tidak ada. Tulis tanggal, bulan, dan tahun dengan angka.",
        "Ping ieu teu aya. Serat ping, sasih, sareng taun ku angka.",
        "There is no such date. Write day, month and year in digits.",
    ),
    "nik_length": Words(
        "NIK terdiri dari 16 angka. Hitung lagi angkanya.",
        "NIK diwangun ku 16 angka. Cobi etang deui angkana.",
        "A NIK has 16 digits. Please count them again.",
    ),
    "nik_area": Words(
        "NIK tidak dimulai dengan 0. Periksa lagi pada KTP.",
        "NIK henteu dimimitian ku 0. Pariksa deui dina KTP.",
        "A NIK does not begin with 0. Please look at the card again.",
    ),
    "nik_date": Words(
        "Angka ke-7 sampai ke-12 NIK adalah tanggal lahir. Periksa lagi pada KTP.",
        "Angka ka-7 dugi ka ka-12 NIK nyaéta ping lahir. Pariksa deui dina KTP.",
        "Digits 7 to 12 of a NIK are a date of birth. Please look at the card again.",
    ),
    "nik_serial": Words(
        "Empat angka terakhir NIK tidak mungkin 0000. Periksa lagi pada KTP.",
        "Opat angka panungtung NIK moal 0000. Pariksa deui dina KTP.",
        "The last four digits of a NIK are never 0000. Please look at the card again.",
    ),
    "kk_length": Words(
        "Nomor KK terdiri dari 16 angka. Hitung lagi angkanya.",
        "Nomer KK diwangun ku 16 angka. Cobi etang deui angkana.",
        "A family card number has 16 digits. Please count them again.",
    ),
    "kk_area": Words(
        "Nomor KK tidak dimulai dengan 0. Periksa lagi pada kartu keluarga.",
        "Nomer KK henteu dimimitian ku 0. Pariksa deui dina kartu kulawarga.",
        "A family card number does not begin with 0. Please look at the card again.",
    ),
    "kk_date": Words(
        "Angka ke-7 sampai ke-12 nomor KK adalah tanggal. Periksa lagi pada kartu keluarga.",
        "Angka ka-7 dugi ka ka-12 nomer KK nyaéta ping. Pariksa deui dina kartu kulawarga.",
        "Digits 7 to 12 of a family card number are a date. Please look at the card again.",
    ),
    "kk_serial": Words(
        "Empat angka terakhir nomor KK tidak mungkin 0000. Periksa lagi pada kartu keluarga.",
        "Opat angka panungtung nomer KK moal 0000. Pariksa deui dina kartu kulawarga.",
        "The last four digits of a family card number are never 0000. Please look again.",
    ),
    "nop_length": Words(
        "NOP terdiri dari 18 angka. Hitung lagi angkanya pada SPPT.",
        "NOP diwangun ku 18 angka. Cobi etang deui angkana dina SPPT.",
        "A NOP has 18 digits. Please count them again on the tax notice.",
    ),
    "nop_parts": Words(
        "NOP ini tidak mungkin. Periksa lagi angkanya pada SPPT.",
        "NOP ieu moal mungkin. Pariksa deui angkana dina SPPT.",
        "There can be no such NOP. Please compare it with the tax notice.",
    ),
    "nib_length": Words(
        "NIB terdiri dari 13 angka. Hitung lagi angkanya.",
        "NIB diwangun ku 13 angka. Cobi etang deui angkana.",
        "A NIB has 13 digits. Please count them again.",
    ),
    "npwp_length": Words(
        "NPWP terdiri dari 16 angka, yang lama 15 angka. Hitung lagi angkanya.",
        "NPWP diwangun ku 16 angka, nu lami 15 angka. Cobi etang deui angkana.",
        "An NPWP has 16 digits, an old one 15. Please count them again.",
    ),
    "phone": Words(
        "Tulis nomor telepon dengan angka, dimulai dengan 0, paling banyak 13 angka.",
        "Serat nomer telepon ku angka, dimimitian ku 0, pangseueurna 13 angka.",
        "Write a telephone number in digits that begins with 0, at most 13 of them.",
    ),
    "email": Words(
        "Tulis alamat surel seperti nama@contoh.id.",
        "Serat alamat surél saperti nama@contoh.id.",
        "Write an e-mail address such as nama@contoh.id.",
    ),
    "option": Words(
        "Pilih salah satu dari daftar.",
        "Pilih salah sahiji tina daptar.",
        "Please choose from the list.",
    ),
    "village": Words(
        "Pilih kelurahan atau desa dari daftar.",
        "Pilih kalurahan atawa désa tina daptar.",
        "Please choose a village from the list.",
    ),
    "photo": Words(
        "Foto ini tidak dapat dipakai. Ambil foto sekali lagi.",
        "Poto ieu teu tiasa dianggo. Candak deui poto sakali deui.",
        "This photo cannot be used. Please take it once more.",
    ),
    "check": Words(
        "Jawaban ini belum sesuai dengan syarat layanan.",
        "Waleran ieu tacan luyu sareng sarat layanan.",
        "This answer does not meet what the service asks.",
    ),
}

WARNINGS: Final[Mapping[str, Words]] = {
    "area": Words(
        "Kode wilayah nomor ini bukan dari sini. Bandingkan dengan kartu Anda.",
        "Kode wilayah nomer ieu sanés ti dieu. Cocogkeun sareng kartu anjeun.",
        "The area code of this number is not from here. Compare it with your card.",
    ),
    "landline": Words(
        "Nomor ini bukan nomor ponsel, jadi tidak bisa menerima pesan.",
        "Nomer ieu sanés nomer ponsél, janten teu tiasa nampi surat singget.",
        "This is no mobile number, so it cannot receive messages.",
    ),
    "old_npwp": Words(
        "Ini NPWP lama dengan 15 angka. Yang baru terdiri dari 16 angka.",
        "Ieu NPWP lami nu 15 angka. Nu énggal diwangun ku 16 angka.",
        "This is an old NPWP of 15 digits. New ones have 16.",
    ),
}
