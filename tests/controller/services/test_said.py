"""A complaint speaks both languages; a file that cannot be taken tells all of them."""

from controller.services.said import Complaint, Unreadable, unreadable


def test_a_complaint_speaks_the_readers_language() -> None:
    one = Complaint("code", "Belum diisi.", "Nothing is written here.")
    assert (one.of("id"), one.of("en")) == ("Belum diisi.", "Nothing is written here.")


def test_what_cannot_be_read_says_everything_that_is_wrong() -> None:
    several = Unreadable(Complaint("", "satu", "one"), Complaint("", "dua", "two"))
    assert str(several) == "one; two"
    assert unreadable("satu", "one", "isian, baris 3").complaints[0].where == "isian, baris 3"
