"""One click asks once. That two who ask at once wait for each other is held where they ask."""

import pytest

from controller.jobs import click
from controller.jobs.refused import Refused


def test_a_click_keeps_its_token_and_one_without_gets_a_new_one() -> None:
    assert click.token_of("0" * 32) == "0" * 32
    made = click.token_of("")
    assert click.token_of(made) == made != click.token_of("")


@pytest.mark.parametrize("token", ["x" * 32, "0" * 31, "0" * 33, "A" * 32, "0" * 32 + "\n"])
def test_a_token_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(Refused, match="32 characters"):
        click.token_of(token)


def test_a_token_means_one_thing() -> None:
    click.must_be_same(("siti", "noop"), ("siti", "noop"))
    with pytest.raises(Refused, match="something else"):
        click.must_be_same(("siti", "noop"), ("siti", "reboot"))
