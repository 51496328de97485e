"""What a note or a photo is sealed for is its own place and no other."""

from controller.registrar.seals import note_info, photo_info, ticket_sha256


def test_no_two_places_are_the_same() -> None:
    places = {note_info("a"), note_info("b"), photo_info("a"), photo_info("b")}
    assert len(places) == 4


def test_a_ticket_cannot_be_had_from_what_is_stored_of_it() -> None:
    assert ticket_sha256("T1") != ticket_sha256("T2")
    assert len(ticket_sha256("T1")) == 64
    assert "T1" not in ticket_sha256("T1")
