"""A clerk is told of conditions that mean nothing, and not of those that do."""

import pytest

from tests.support.packs import field
from wire.service.expression import parse
from wire.service.meaning import mistakes

FIELDS = {
    each.name: each
    for each in (
        field("nik", "nik"),
        field("nama"),
        field("lahir", "date"),
        field("jumlah", "integer"),
        field("harga", "rupiah"),
        field("setuju", "yes_no"),
        field("jenis", "choice"),
        field("alat", "choices"),
    )
}


@pytest.mark.parametrize(
    "text",
    [
        "umur(nik) >= 17 dan jenis == 'satu'",
        "umur(lahir) < 5",
        "lahir <= hari_ini()",
        "lahir + 30 > '2026-01-01'",
        "hari_ini() - lahir > 365",
        "jumlah * harga <= 1000000 - 1",
        "setuju",
        "not setuju or setuju == tidak",
        "jenis in ['satu', 'dua']",
        "jenis != ''",
        "'satu' in alat",
        "panjang(nama) > 3 and panjang(alat) == 2",
        "kosong(alat) or kosong(nama)",
        "nama == 'Warga'",
        "(jumlah > 1) == setuju",
    ],
)
def test_what_means_something_is_left_alone(text: str) -> None:
    assert mistakes(parse(text), FIELDS) == ()


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("tiada == 'x'", "tiada"),
        ("tiada + 1 > 2", "tiada"),
        ("umur(nama) > 17", "umur"),
        ("umur(jumlah) > 17", "umur"),
        ("jenis == 'tiga'", "'tiga'"),
        ("'tiga' == jenis", "'tiga'"),
        ("jenis in ['satu', 'tiga']", "'tiga'"),
        ("'tiga' in alat", "'tiga'"),
        ("alat == 'satu'", "berbeda jenisnya"),
        ("alat in ['satu']", "satu nilai"),
        ("nama in ['a'] or 'a' in nama", "satu nilai"),
        ("jumlah == 'satu'", "berbeda jenisnya"),
        ("nama > 3", "berbeda jenisnya"),
        ("nama < 'b'", "berbeda jenisnya"),
        ("setuju == 1", "berbeda jenisnya"),
        ("nama * 2 > 1", "dihitung"),
        ("setuju + 1 > 1", "dihitung"),
        ("lahir * 2 > 1", "dihitung"),
    ],
)
def test_what_cannot_be_meant_is_said(text: str, about: str) -> None:
    found = mistakes(parse(text), FIELDS)
    assert any(about.lower() in mistake.id.lower() for mistake in found)
    assert all(mistake.en.endswith(".") for mistake in found)


def test_a_mistake_is_said_once() -> None:
    assert len(mistakes(parse("tiada == 'x' or tiada == 'y'"), FIELDS)) == 1
