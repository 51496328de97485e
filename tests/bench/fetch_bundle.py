"""A service bundle of 54 MB as a city would have it, made from a seed, and what becomes of it.

150 pages, two tables of 8 MB, 40 pictures, films of 38 MB. Pictures and films are random bytes:
nothing can make them smaller.
"""

import json
from random import Random

Tree = dict[str, bytes]
_SAID = """
permohonan kartu keluarga surat keterangan domisili loket antrean berkas petugas kecamatan kelurahan
warga layanan syarat biaya gratis jam buka pengaduan izin usaha jadwal keliling akta lahir nikah
pindah datang fotokopi materai asli tanda tangan kepala dinas nomor induk
"""
_WORDS = _SAID.split()


def first(seed: int = 54) -> Tree:
    """The release that every kiosk has."""
    lot = Random(seed)
    tree = {f"halaman/{number:03}.html": _page(lot, number) for number in range(150)}
    tree["content.json"] = b'{"v":1,"name":"layanan"}'
    tree["data/persyaratan.json"] = _table(lot, 6_000_000)
    tree["data/jadwal.json"] = _table(lot, 2_000_000)
    tree |= {f"gambar/{number:02}.webp": lot.randbytes(145_000) for number in range(40)}
    tree["video/panduan.mp4"] = lot.randbytes(28_000_000)
    tree["video/sambutan.mp4"] = lot.randbytes(10_000_000)
    return tree


def three_files(tree: Tree, seed: int = 1) -> Tree:
    """A page edited, 50 rows of the large table changed, one picture more."""
    lot = Random(seed)
    page = tree["halaman/042.html"].replace(b"</main>", b"<p>Loket tutup hari Jumat.</p></main>")
    rows = json.loads(tree["data/persyaratan.json"])
    for number in (*lot.sample(range(len(rows)), 20), *range(4000, 4030)):
        rows[number]["keterangan"] = " ".join(lot.choices(_WORDS, k=12))
    return tree | {
        "halaman/042.html": page,
        "data/persyaratan.json": _written(rows),
        "gambar/40.webp": lot.randbytes(150_000),
    }


def remuxed(tree: Tree, seed: int = 2) -> Tree:
    """The large film with 3 kB more at its head: every byte of it has moved."""
    head = Random(seed).randbytes(3000)
    film = tree["video/panduan.mp4"]
    return tree | {"video/panduan.mp4": film[:48] + head + film[48:]}


def _page(lot: Random, number: int) -> bytes:
    lines = (f"<p>{' '.join(lot.choices(_WORDS, k=40))}.</p>" for _ in range(50))
    body = "\n".join(lines)
    return f"<!doctype html><title>{number}</title><main>\n{body}\n</main>\n".encode()


def _table(lot: Random, size: int) -> bytes:
    rows = []
    length = 0
    while length < size:
        row = {
            "kode": f"{lot.randrange(10**8):08}",
            "nama": " ".join(lot.choices(_WORDS, k=4)),
            "keterangan": " ".join(lot.choices(_WORDS, k=12)),
        }
        length += len(json.dumps(row)) + 2
        rows.append(row)
    return _written(rows)


def _written(rows: list[dict[str, str]]) -> bytes:
    return json.dumps(rows, indent=0).encode()
