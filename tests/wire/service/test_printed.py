"""The values of one receipt: what its citizen needs, secrets masked, nothing that was not asked."""

from tests.support.packs import NIK, field, service
from wire.service import days, printed, template
from wire.service.document import Receipt
from wire.service.expression import Value
from wire.service.printed import Circumstances

TODAY = days.date(2026, 11, 22)
NOW = Circumstances(
    number="261122-0042-K7Q3M-R",
    made_at=days.start(TODAY, 420) + 9 * 3_600_000 + 5 * 60_000,
    due=days.start(days.date(2026, 11, 25), 420),
    offset_min=420,
    agency="Kecamatan",
    kiosk="kiosk-0001",
    language="id",
    villages={"32.73.05.1001": "Contoh"},
)
LOST: dict[str, Value] = {"nik": NIK, "alasan": "hilang", "polisi": "LP/1"}


def test_a_receipt_says_what_when_where_and_until_when() -> None:
    text = "{{ nomor }} {{ layanan }} {{ instansi }} {{ dibuat }} {{ jam }} {{ batas }}"
    shown = template.render(text, printed.data(service(), LOST, NOW), TODAY)
    assert shown == ("261122-0042-K7Q3M-R Kartu Kecamatan 2026-11-22 09:05 2026-11-25")


def test_every_name_that_may_be_named_is_there() -> None:
    data = printed.data(service(), LOST, NOW)
    assert set(data) == printed.NAMES | {"isian"}
    assert {"isian.nik", "isian.alasan"} < printed.names(service())


def test_a_secret_is_masked_and_a_choice_is_its_label() -> None:
    data = printed.data(service(), LOST, NOW)
    shown = template.render("{{ isian.nik }} {{ isian.alasan }}", data, TODAY)
    assert shown == "3273••••••••0009 hilang"
    assert NIK not in str(data)


def test_what_is_asked_no_longer_is_not_printed() -> None:
    data = printed.data(service(), {**LOST, "alasan": "baru"}, NOW)
    assert template.render("{{ isian.polisi }}", data, TODAY) == ""


def test_papers_and_fees_are_those_of_this_citizen() -> None:
    papers = "{% for s in syarat %}{{ s.nama }};{% endfor %}"
    text = papers + "{% for b in biaya %}{{ b.rupiah }};{% endfor %}"
    assert template.render(text, printed.data(service(), LOST, NOW), TODAY) == (
        "KTP-el;Surat hilang;0;50000;"
    )


def test_it_speaks_the_language_of_its_citizen() -> None:
    data = printed.data(service(), LOST, NOW._replace(language="su"))
    assert template.render("{{ layanan }} {{ isian.alasan }}", data, TODAY) == (
        "Kartu (su) hilang (su)"
    )


def test_no_limit_is_no_date() -> None:
    assert printed.data(service(), LOST, NOW._replace(due=0))["batas"] == ""


def test_a_pack_prints_its_own_receipt_or_leaves_it_to_the_portal() -> None:
    own = service(receipt=Receipt(thermal="Tanda terima {{ nomor }}\n\n"))
    assert printed.receipt(own, LOST, NOW, sheet=False) == "Tanda terima 261122-0042-K7Q3M-R"
    assert printed.receipt(service(), LOST, NOW, sheet=False) == ""


def test_a_sheet_carries_what_was_written_for_it_or_else_what_stands_on_a_roll() -> None:
    roll = Receipt(thermal="Rol {{ nomor }}")
    both = Receipt(thermal="Rol {{ nomor }}", page="Lembar {{ nomor }}")
    number = "261122-0042-K7Q3M-R"
    assert printed.receipt(service(receipt=roll), LOST, NOW, sheet=True) == f"Rol {number}"
    assert printed.receipt(service(receipt=both), LOST, NOW, sheet=True) == f"Lembar {number}"
    assert printed.receipt(service(receipt=both), LOST, NOW, sheet=False) == f"Rol {number}"


def test_a_receipt_that_cannot_be_printed_is_left_to_the_portal() -> None:
    broken = service(receipt=Receipt(thermal="{% if nomor %}"))
    assert printed.receipt(broken, LOST, NOW, sheet=False) == ""


def test_each_kind_is_shown_as_people_read_it() -> None:
    villages = {"32.73.05.1001": "Contoh"}
    village, photo, several, yes = (
        field("x", "village"), field("x", "photo"), field("x", "choices"), field("x", "yes_no"),
    )  # fmt: skip
    assert printed.shown(village, "32.73.05.1001", "id", villages) == "Contoh"
    assert printed.shown(village, "32.73.05.1002", "id", villages) == "32.73.05.1002"
    assert printed.shown(photo, ("ab" * 32,), "id", villages) == 1
    assert printed.shown(several, ("satu", "dua"), "en", villages) == "satu (en), dua (en)"
    assert printed.shown(yes, True, "id", villages) is True
