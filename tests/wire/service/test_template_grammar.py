"""Templates are read into text, values, conditions and loops, or refused with a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.service.template_grammar import MOST_DEPTH, MOST_TEXT, For, If, Put, TemplateError, body

pieces = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{% if a %}", "{% else %}", "{% elif b %}", "{% endif %}",
     "{% for x in xs %}", "{% endfor %}", "{{ a.b|besar }}", " ", "\n", "teks", "{", "}", "|", "%"]
)  # fmt: skip


def test_text_values_conditions_and_loops_stand_in_their_order() -> None:
    match body("Nomor {{ nomor|besar | samar }}{% if a == 1 %}x{% else %}y{% endif %}!"):
        case ("Nomor ", Put("nomor", ("besar", "samar")), If(((_, ("x",)), (None, ("y",)))), "!"):
            pass
        case other:
            pytest.fail(str(other))
    assert body("{% for x in a.b %}{{ x.c }}{% endfor %}") == (For("x", "a.b", (Put("x.c", ()),)),)


def test_a_tag_alone_on_its_line_takes_the_line_with_it() -> None:
    match body("a\n  {% if x %}  \nb\n{% endif %}\nc"):
        case ("a\n", If(((_, ("b\n",)),)), "c"):
            pass
        case other:
            pytest.fail(str(other))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("{{ a", 0),
        ("a }} b", 2),
        ("{% if x %}a", 11),
        ("{% if x %}a{% endfor %}", 14),
        ("{% for x in xs %}a{% endif %}", 21),
        ("{% endif %}", 3),
        ("{% else %}", 3),
        ("{% if x %}{% else %}{% else %}{% endif %}", 23),
        ("{{ a|hapus }}", 3),
        ("{{ a.__class__ }}", 3),
        ("{{ a() }}", 3),
        ("{{ }}", 3),
        ("{{ a[0] }}", 3),
        ("{% for x y %}{% endfor %}", 3),
        ("{% if x == %}{% endif %}", 10),
        ("{% if %}{% endif %}", 5),
        ("{% include x %}", 3),
        ("{% set x = 1 %}", 3),
        ("{% if x ==%}{% endif %}", 10),
    ],
)
def test_what_is_no_template_is_refused_with_its_place(text: str, at: int) -> None:
    with pytest.raises(TemplateError) as refused:
        body(text)
    assert refused.value.at == at
    assert refused.value.says.id
    assert refused.value.says.en


@given(st.one_of(st.lists(pieces, max_size=25).map("".join), st.text(max_size=200)))
def test_anything_is_a_template_or_is_refused(text: str) -> None:
    try:
        body(text)
    except TemplateError as error:
        assert 0 <= error.at <= len(text)  # noqa: PT017 - which of the two happens is drawn


def test_row_13_blocks_nest_only_so_deep() -> None:
    def nested(depth: int) -> str:
        return "{% if a %}" * depth + "{% endif %}" * depth

    assert body(nested(MOST_DEPTH))
    with pytest.raises(TemplateError):
        body(nested(MOST_DEPTH + 1))
    with pytest.raises(TemplateError):
        body("{% if a %}" * 700)


def test_a_template_of_more_than_its_limit_is_refused() -> None:
    with pytest.raises(TemplateError):
        body("x" * (MOST_TEXT + 1))
