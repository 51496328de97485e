"""Receipts that the portal remembers: found by who knows them, readable to nobody."""

from pathlib import Path

from portal.remembered import FILE, KEY, Receipts


def test_it_finds_what_it_was_told_by_number_and_digits_only(tmp_path: Path) -> None:
    Receipts(tmp_path).add("261122-0042", "4321", 5, 6, "KTP-EL")
    receipts = Receipts(tmp_path)
    found = receipts.find("261122-0042", "4321")
    assert found is not None
    assert (found.made_at, found.due, found.service) == (5, 6, "KTP-EL")
    assert receipts.find("261122-0042", "4320") is None
    assert receipts.find("261122-0043", "4321") is None
    assert b"0042" not in (tmp_path / FILE).read_bytes()


def test_a_line_torn_by_a_cut_hides_no_other(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path)
    receipts.add("a", "", 1, 0, "X-Y")
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"name":"half')
    receipts.add("b", "", 2, 0, "X-Y")
    assert receipts.find("a", "")
    assert receipts.find("b", "")


def test_the_oldest_are_forgotten_when_there_are_too_many(tmp_path: Path) -> None:
    receipts = Receipts(tmp_path, most=10)
    for count in range(1_000, 1_040):
        receipts.add(str(count), "4321", count, 0, "KTP-EL")
    assert receipts.find("1000", "4321") is None
    assert receipts.find("1039", "4321")
    assert len((tmp_path / FILE).read_bytes().splitlines()) <= 10


def test_a_damaged_key_is_replaced_and_what_it_named_is_forgotten(tmp_path: Path) -> None:
    Receipts(tmp_path).add("a", "", 1, 0, "X-Y")
    (tmp_path / KEY).write_bytes(b"short")
    assert Receipts(tmp_path).find("a", "") is None
    assert Receipts(tmp_path).find("b", "") is None
