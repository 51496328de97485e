"""The rules about texts: what citizens read, what is printed, how files are numbered."""

import pytest

from tests.support.packs import field, service, words
from wire.service import check_words
from wire.service.document import Receipt, Service, Words

RULES = (check_words.words, check_words.receipts, check_words.number)


def found(pack: Service) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for rule in RULES for problem in rule(pack)]


def test_texts_that_say_something_are_left_alone() -> None:
    assert found(service()) == []
    assert found(service(name=Words("Nama"), summary=words("Satu\nDua 👨\u200d👩"))) == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (Words("  "), ("name.id", "blank")),
        (Words("Nama", su=" "), ("name.su", "blank")),
        (Words("Nama", en="\u202eeman"), ("name.en", "letters")),
        (Words("Nama\x1b"), ("name.id", "letters")),
        (Words("Na\u200bma"), ("name.id", "letters")),
    ],
)
def test_a_text_that_says_nothing_or_steers_is_named(name: Words, problem: tuple[str, str]) -> None:
    assert problem in found(service(name=name))


def test_texts_deep_inside_are_looked_at_too() -> None:
    assert found(service(fields=(field("a", hint=Words("x", en="\x07")),))) == [
        ("fields[0].hint.en", "letters")
    ]


@pytest.mark.parametrize(
    "text", ["", "Nomor {{ nomor }}", "{{ nomor }} {{ isian.nik }} {{ dibuat|tanggal }}"]
)
def test_a_receipt_may_name_what_is_there(text: str) -> None:
    assert found(service(receipt=Receipt(thermal=text, page=text))) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ nomor }}{{ tiada }}",
        "{{ nomor }}{{ isian.x }}",
        "{% if x %}",
        "Terima kasih",
        "{{ nomor|x }}",
    ],
)
def test_a_receipt_that_cannot_be_printed_or_has_no_number_is_named(text: str) -> None:
    assert found(service(receipt=Receipt(thermal=text))) == [("receipt.thermal", "template")]
    assert found(service(receipt=Receipt(page=text))) == [("receipt.page", "template")]


@pytest.mark.parametrize("pattern", ["{kode}/{tahun}", "{urut:4}/{nik}", "{urut"])
def test_a_pattern_of_numbers_must_count(pattern: str) -> None:
    assert ("number", "number") in found(service(number=pattern))


def test_a_pattern_whose_numbers_would_not_fit_is_named() -> None:
    assert ("number", "number") in found(service(number="{urut}/" + "x" * 76))
    assert found(service(number="{urut}/" + "x" * 70)) == []


def test_an_office_may_number_elsewhere() -> None:
    assert found(service(number="")) == []
