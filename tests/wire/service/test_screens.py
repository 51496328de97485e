"""What stands together on a screen of a kiosk."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import field, service, words
from wire.service.document import Field, FieldKind, Option
from wire.service.screens import FEW_LETTERS, ROOM, height, is_short, screens

KINDS: tuple[FieldKind, ...] = (
    "text", "note", "date", "long_text", "village", "yes_no", "photo",
)  # fmt: skip
fields_of_any_kind = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from(["", "satu", "dua"]), st.booleans()),
    max_size=30,
)


def together(*fields: Field) -> list[list[str]]:
    return [[one.name for one in some] for some in screens(service(fields=fields))]


def test_pages_share_a_screen_as_long_as_there_is_room() -> None:
    few = tuple(field(f"f{n}") for n in range(7))
    assert together(*few) == [[one.name for one in few]]
    assert len(together(*few, *(field(f"g{n}") for n in range(7)))) == 2


def test_fields_of_one_page_stand_where_its_first_stands() -> None:
    assert together(field("a", page="satu"), field("b"), field("c", page="satu")) == [
        ["a", "c", "b"]
    ]


def test_what_is_asked_because_of_an_answer_does_not_grow_under_it() -> None:
    because = field("b", when="a == 'x'")
    assert together(field("a"), because, field("c")) == [["a"], ["b", "c"]]


def test_a_condition_that_is_none_parts_nothing() -> None:
    assert together(field("a"), field("b", when="a ==")) == [["a", "b"]]


def test_a_note_alone_goes_with_what_follows_however_large() -> None:
    high = tuple(field(f"f{n}", page="semua") for n in range(12))
    assert len(together(field("n", "note"), *high)) == 1


def test_many_answers_to_choose_from_stand_in_two_columns() -> None:
    def of(count: int) -> int:
        options = tuple(Option(value=str(n), label=words("x")) for n in range(count))
        return height([field("x", "choice", options=options)])

    assert of(8) == of(4)
    assert of(5) < of(4)


def test_an_address_takes_less_room_than_a_story() -> None:
    address, story = field("a", "long_text", most=FEW_LETTERS), field("b", "long_text")
    assert is_short(address)
    assert not is_short(story)
    assert height([address]) < height([story])


@given(fields_of_any_kind)
def test_every_question_stands_on_one_screen_and_no_two_screens_would_fit_on_one(
    drawn: list[tuple[FieldKind, str, bool]],
) -> None:
    fields = tuple(
        field(f"f{n}", kind, page=page, required=required and kind != "note")
        for n, (kind, page, required) in enumerate(drawn)
    )
    found = screens(service(fields=fields))
    wanted = [one.name for one in fields if one.required or one.kind != "photo"]
    assert sorted(one.name for some in found for one in some) == sorted(wanted)
    for first, second in pairwise(found):
        page = second[0].page or second[0].name
        least = [one for one in second if (one.page or one.name) == page]
        assert height(first) + height(least) > ROOM
