"""What a back system gets, and what it does not."""

from hypothesis import given
from hypothesis import strategies as st

from controller.back.parcel import About, pack
from tests.support.back import received
from wire.submission import Contact, Content, Point

ABOUT = About(
    number="261122-0042-K7Q3M-R",
    kind="complain",
    tenant="32.73",
    service="ADUAN-KOTA",
    revision=1,
    agency="dsdabm",
    place="32.73.01",
    category="jalan_rusak",
    made_at=1,
    arrived_at=2,
    due_at=None,
)
CONTENT = Content(
    id="a" * 32,
    number=ABOUT.number,
    language="su",
    fields={"text": "Jalan rusak"},
    contact=Contact(name="Warga Contoh", phone="081200004321"),
    tail="4321",
    ticket="sebuah-tiket",
    point=Point(lat=-6.9, lng=107.6),
)


def test_it_reads_again_as_what_it_was() -> None:
    found = received(pack("a" * 32, ABOUT, CONTENT).body)
    assert (found.about, found.fields, found.contact) == (ABOUT, CONTENT.fields, CONTENT.contact)
    assert (found.id, found.language, found.point) == ("a" * 32, "su", CONTENT.point)


def test_what_opens_doors_elsewhere_stays_in_the_office() -> None:
    body = pack("a" * 32, ABOUT, CONTENT).body
    assert b"sebuah-tiket" not in body
    assert b'"tail"' not in body


def test_who_wants_to_stay_secret_has_no_name_there() -> None:
    for anonymity in ("secret", "anonymous"):
        contact = Contact(name="Warga Contoh", phone="081200004321", anonymity=anonymity)
        content = Content(
            id="a" * 32, number=ABOUT.number, language="id", fields={}, contact=contact
        )
        body = pack("a" * 32, ABOUT, content).body
        assert b"Warga" not in body
        assert b"0812" not in body
        assert received(body).contact.anonymity == anonymity


def test_its_file_name_tells_of_nobody() -> None:
    assert pack("a" * 32, ABOUT, CONTENT).name == "261122-0042-K7Q3M-R-aaaaaaaa.json"


@given(st.text(max_size=300))
def test_whatever_was_typed_arrives_as_it_was(text: str) -> None:
    content = Content(id="a" * 32, number=ABOUT.number, language="id", fields={"text": text})
    try:
        body = pack("a" * 32, ABOUT, content).body
    except UnicodeEncodeError:  # lone surrogates: no record can hold them
        return
    assert received(body).fields == {"text": text}
