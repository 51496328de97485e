"""What is printed: values in their places, nothing of Python, no end of paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.service import days
from wire.service.template import (
    MOST_OUTPUT,
    Datum,
    TemplateError,
    file_number,
    paths,
    render,
    series,
)

TODAY = days.date(2026, 11, 22)
DATA: dict[str, Datum] = {
    "nomor": "261122-0042-K7Q3M-R",
    "dibuat": "2026-11-22",
    "isian": {"nama": "Warga Contoh", "jumlah": 2, "setuju": True, "pilihan": ["a", "b"]},
    "syarat": [{"nama": "KTP-el"}, {"nama": "KK"}],
    "kosong_semua": [],
}
PAIRS = """{% for p in isian.pilihan %}
{% for s in syarat %}
{{ p }}{{ s.nama }} {% endfor %}
{% endfor %}"""
LETTER = """Nomor {{ nomor }} tanggal {{ dibuat|tanggal }}
{% if isian.jumlah > 1 %}
{{ isian.jumlah|terbilang|besar }} lembar
{% else %}
satu lembar
{% endif %}
{% for s in syarat %}
- {{ s.nama }}
{% endfor %}
"""


def printed(text: str) -> str:
    return render(text, DATA, TODAY)


def test_a_letter_is_printed_line_by_line() -> None:
    assert printed(LETTER) == (
        "Nomor 261122-0042-K7Q3M-R tanggal 22 November 2026\nDUA lembar\n- KTP-el\n- KK\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ tiada }}", ""),
        ("{{ isian.tiada.lagi }}", ""),
        ("{{ isian }}", ""),
        ("{{ syarat }}", ""),
        ("{{ isian.pilihan }}", "a, b"),
        ("{{ isian.setuju }}", "ya"),
        ("{{ isian.nama.lower }}", ""),
        ("{{ isian.nama|samar }}", "W•••• C••••"),
        ("{% if isian.setuju %}ya{% endif %}", "ya"),
        ("{% if kosong_semua %}ada{% else %}tidak{% endif %}", "tidak"),
        ("{% if syarat %}ada{% endif %}", "ada"),
        ("{% if tiada %}a{% elif isian.jumlah == 2 %}b{% else %}c{% endif %}", "b"),
        ("{% if dibuat <= hari_ini() %}sudah{% endif %}", "sudah"),
        ("{% for x in nomor %}x{% endfor %}", ""),
        ("{% for x in tiada %}x{% endfor %}", ""),
        ("{% for nomor in isian.pilihan %}{{ nomor }}{% endfor %}{{ tiada }}", "ab"),
        (PAIRS, "aKTP-el aKK \nbKTP-el bKK \n"),
    ],
)  # fmt: skip
def test_a_template_prints(text: str, shown: str) -> None:
    assert printed(text) == shown


def test_a_value_cannot_be_a_template_or_steer_the_printer() -> None:
    data: dict[str, Datum] = {"nama": "{{ nomor }}{% if x %}\x1b@\x1dV\x00", "nomor": "rahasia"}
    assert render("{{ nama }}", data, TODAY) == "{{ nomor }}{% if x %}@V"


def test_what_would_print_without_end_is_refused() -> None:
    many: dict[str, Datum] = {"xs": ["x"] * 300, "panjang": "y" * MOST_OUTPUT}
    nested = (
        "{% for a in xs %}{% for b in xs %}{% for c in xs %}{% endfor %}{% endfor %}{% endfor %}"
    )
    for text in (nested, "{{ panjang }}!", "{% for a in xs %}{{ panjang }}{% endfor %}"):
        with pytest.raises(TemplateError):
            render(text, many, TODAY)


def test_paths_are_those_from_outside() -> None:
    assert paths(LETTER) == {"nomor", "dibuat", "isian.jumlah", "syarat"}
    assert paths("{% for s in a %}{% if s.x == b %}{{ s }}{{ c.d }}{% endif %}{% endfor %}") == {
        "a",
        "b",
        "c.d",
    }


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20))
data_of_any_shape = st.dictionaries(
    st.sampled_from(["nomor", "dibuat", "isian", "syarat", "s"]),
    st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["nama", "jumlah"]), inner, max_size=2),
        ),
        max_leaves=8,
    ),
)


@given(data_of_any_shape)
def test_a_letter_is_printed_whatever_the_data(data: dict[str, Datum]) -> None:
    assert render(LETTER, data, TODAY).startswith("Nomor ")


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("{kec}/{kode}/{tahun}/{urut:4}", "32.73.05/KEC-SKTM/2026/0007"),
        ("{urut}-{bulan}-{hari}", "7-11-22"),
        ("{tempat}", "32.73.05.1001"),
        ("470/{urut:5}", "470/00007"),
    ],
)
def test_a_file_number_follows_its_pattern(pattern: str, number: str) -> None:
    assert made(pattern) == number


def made(pattern: str) -> str:
    return file_number(pattern, code="KEC-SKTM", place="32.73.05.1001", day=TODAY, serial=7)


@pytest.mark.parametrize("urut", ["{urut:4}", "{urut}"])
def test_a_series_is_all_of_a_number_but_its_count(urut: str) -> None:
    pattern = urut + "/{kode}/{kec}/{tahun}"
    count = series(pattern, code="KEC-SKTM", place="32.73.05.1001", day=TODAY)
    assert count == "{urut}/KEC-SKTM/32.73.05/2026"


@pytest.mark.parametrize("pattern", ["{nik}", "{urut:12}", "{urut", "urut}", "{{urut}}", "{URUT}"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(TemplateError):
        made(pattern)


@given(st.text("{}:urtahnkodec0123456789/", max_size=40))
def test_any_pattern_gives_a_number_or_is_refused(pattern: str) -> None:
    try:
        assert "{" not in made(pattern)
    except TemplateError as error:
        assert error.says.id  # noqa: PT017 - which of the two happens is drawn
