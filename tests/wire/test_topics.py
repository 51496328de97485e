"""Topic names: what is built is parsed, what is hostile is refused, nobody speaks for another."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import topics
from wire.errors import MalformedMessage
from wire.messages import DOWN, UP

kiosks = st.from_regex(topics.KIOSK_NAME, fullmatch=True)
kinds = st.sampled_from([*UP])
HOSTILE = [
    "", "a", "ab", "-ab", "ab-", "_all", "+", "#", "$SYS", "a/b", "a+b", "a#b", "A-B", "ab c",
    "kiosk\n", "kiosk\0", "ki\N{CYRILLIC SMALL LETTER O}sk", "../etc", "x" * 33, "\ud800ab",
    "ab\u0661",
]  # fmt: skip


def matches(filter_: str, topic: str) -> bool:
    """MQTT's own rule for filters, told a second time so that nobody judges himself."""
    wanted, said = filter_.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted, said = wanted[:-1], said[: len(wanted) - 1]
    return len(wanted) == len(said) and all(
        w in ("+", s) for w, s in zip(wanted, said, strict=True)
    )


def may(name: str, access: str, topic: str, role: str = "kiosk") -> bool:
    rules = [rule for rule in topics.access_rules() if (rule.role, rule.access) == (role, access)]
    return any(matches(rule.filter.replace("%u", name), topic) for rule in rules)


@given(kiosks, kinds)
def test_what_is_built_is_parsed(kiosk: str, kind: str) -> None:
    parsed = topics.parse_up(topics.up(kiosk, kind))
    assert parsed == (topics.partition_of(kiosk), kiosk, kind)


@given(kiosks, st.sampled_from([*DOWN]))
def test_a_kiosk_hears_its_own_mail_and_its_partition(kiosk: str, kind: str) -> None:
    own, everyone = topics.kiosk_filters(kiosk)
    assert matches(own, topics.down(kiosk, kind))
    assert matches(everyone, topics.down_everyone(topics.partition_of(kiosk), kind))
    assert topics.kind_of_down(topics.down(kiosk, kind)) == kind


@given(kiosks, kinds)
def test_the_office_hears_every_kiosk_by_exactly_one_filter(kiosk: str, kind: str) -> None:
    topic = topics.up(kiosk, kind)
    filters = [topics.office_filter(partition) for partition in range(topics.PARTITIONS)]
    assert [matches(filter_, topic) for filter_ in filters].count(True) == 1


@given(st.text(max_size=80))
def test_any_topic_is_parsed_or_malformed(topic: str) -> None:
    with pytest.raises(MalformedMessage):
        topics.parse_up(topic)


@given(kiosks, kinds, st.integers(0, 5), st.text(max_size=12))
def test_a_topic_with_one_part_changed_never_names_another_kiosk(
    kiosk: str, kind: str, part: int, other: str
) -> None:
    parts = topics.up(kiosk, kind).split("/")
    parts[part] = other
    with suppress(MalformedMessage):
        parsed = topics.parse_up("/".join(parts))
        assert topics.up(parsed.kiosk, parsed.kind) == "/".join(parts)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_no_kiosk(name: str) -> None:
    assert not topics.is_kiosk_name(name)
    with pytest.raises(ValueError, match="kiosk name"):
        topics.up(name, "birth")
    with pytest.raises(MalformedMessage):
        topics.parse_up(f"{topics.ROOT}/p00/{name}/up/birth")


def test_a_kiosk_in_a_foreign_partition_is_refused_as_that() -> None:
    kiosk = "anjungan-andir"
    wrong = (topics.partition_of(kiosk) + 1) % topics.PARTITIONS
    with pytest.raises(MalformedMessage) as caught:
        topics.parse_up(f"{topics.ROOT}/p{wrong:02d}/{kiosk}/up/birth")
    assert caught.value.reason == "wrong_partition"


@pytest.mark.parametrize("partition", [-1, topics.PARTITIONS])
def test_there_are_no_other_partitions(partition: int) -> None:
    with pytest.raises(ValueError, match="no partition"):
        topics.office_filter(partition)


def test_kiosks_spread_over_all_partitions() -> None:
    counts = [0] * topics.PARTITIONS
    for number in range(1600):
        counts[topics.partition_of(f"kiosk-{number:05d}")] += 1
    assert 60 < min(counts) <= max(counts) < 140


@given(kiosks, kiosks, kinds, st.sampled_from([*DOWN]))
def test_the_access_list_lets_a_kiosk_speak_and_hear_only_as_itself(
    kiosk: str, other: str, kind: str, order: str
) -> None:
    assert may(kiosk, "write", topics.up(kiosk, kind))
    assert may(kiosk, "read", topics.down(kiosk, order))
    assert may(kiosk, "read", topics.down_everyone(topics.partition_of(kiosk), order))
    assert not may(kiosk, "write", topics.down(kiosk, order))
    assert not may(kiosk, "write", topics.down_everyone(0, order))
    assert not may(kiosk, "read", topics.up(kiosk, kind))
    if other != kiosk:
        assert not may(kiosk, "write", topics.up(other, kind))
        assert not may(kiosk, "read", topics.down(other, order))


@given(kiosks, kinds, st.sampled_from([*DOWN]))
def test_the_access_list_lets_the_office_hear_all_and_order_all_but_not_forge(
    kiosk: str, kind: str, order: str
) -> None:
    assert may("office", "read", topics.up(kiosk, kind), "office")
    assert may("office", "write", topics.down(kiosk, order), "office")
    assert not may("office", "write", topics.up(kiosk, kind), "office")
