"""What is typed into the dialog becomes a wish; nonsense becomes one that is refused."""

from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from controller.jobs.asked import Asked
from controller.jobs.plan import Plan, Window
from dashboards.console.pages import wish
from tests.support.showcase import NOW
from wire.actions import KINDS, parse_args


def form(*pairs: tuple[str, str]) -> QueryParams:
    return QueryParams(list(pairs))


def test_every_kind_has_fields_and_what_they_begin_with_is_what_the_kind_takes() -> None:
    for kind in KINDS:
        args = wish.args_of(form(("kind", kind)), kind, NOW)
        if kind == "wipe":
            assert args == {"kiosk": ""}, "this one a person must type"
        else:
            parse_args(kind, args)


def test_a_box_that_was_not_checked_is_no() -> None:
    typed = form(("typed", "yes"), ("arg_beep", "yes"), ("arg_seconds", "7"))
    args = wish.args_of(typed, "identify", NOW)
    assert args == {"beep": True, "flash": False, "slip": False, "seconds": 7}


def test_logs_since_yesterday_begin_a_day_before_now() -> None:
    typed = form(("typed", "yes"), ("arg_since", "day"), ("arg_most_kb", "64"))
    args = wish.args_of(typed, "collect_logs", NOW)
    assert args == {"since": NOW - 86_400_000, "most_kb": 64}


def test_one_kiosk_has_no_plan_and_many_have_what_was_chosen() -> None:
    spread = (("waves", "two"), ("window", "night"), ("rate", "30"), ("stop", "one"))
    one = wish.wish_of(form(("kiosk", "a"), ("kind", "noop"), *spread), NOW)
    many = wish.wish_of(form(("query", "state=fail"), ("kind", "noop"), *spread), NOW)
    assert (one.plan, one.valid_s) == (Plan(), wish.VALID_ONE)
    assert many.plan == Plan(("50%", "100%"), 0, 30, Window("0 22 * * 1-5", 360), 0, 0, 1)
    assert many.asked == Asked(query="state=fail")


def test_the_kiosks_come_back_as_the_fields_and_the_address_they_came_from() -> None:
    asked = Asked(("a", "b"))
    again = wish.target_of(QueryParams(wish.address(asked, "noop").partition("?")[2]))
    assert again == asked
    assert wish.hidden(asked) == [("kiosk", "a"), ("kiosk", "b")]


@given(st.lists(st.tuples(st.sampled_from(
    ["kiosk", "query", "saved", "kind", "token", "valid", "waves", "waves_own", "stop", "rate",
     "window", "cron", "typed", "arg_percent", "arg_seconds"]), st.text(max_size=12))))  # fmt: skip
def test_no_form_makes_it_fall(pairs: list[tuple[str, str]]) -> None:
    made = wish.wish_of(QueryParams(pairs), NOW)
    assert made.token == "" or wish.TOKEN.fullmatch(made.token)
    for kind in ("set_volume", "identify"):
        wish.args_of(QueryParams(pairs), kind, NOW)
