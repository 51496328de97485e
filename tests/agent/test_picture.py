"""What the office has been told, beside what is seen."""

from agent.picture import Picture
from tests.agent.observations import seen


def picture() -> Picture:
    return Picture({"printer": {"level": 5.0}, "disk": {}})


def test_news_is_told_once_and_in_the_order_it_became_news() -> None:
    one = picture()
    for probe in ("disk", "printer", "disk"):
        one.see(seen(probe))
    assert [told.probe for told in one.take_news()] == ["disk", "printer"]
    assert not one.has_news


def test_a_value_back_within_its_band_is_no_longer_news() -> None:
    one = picture()
    one.see(seen(level=50))
    one.take_news()
    one.see(seen(level=60))
    assert one.has_news
    one.see(seen(level=52))
    assert not one.has_news


def test_the_band_is_measured_from_what_was_told_last_in_a_whole_picture_too() -> None:
    one = picture()
    one.see(seen(level=50))
    one.take_all()
    one.see(seen(level=54))
    one.take_all()
    one.see(seen(level=58))
    assert not one.has_news


def test_it_is_complete_when_every_probe_has_been_seen() -> None:
    one = picture()
    one.see(seen("disk"))
    assert not one.complete
    one.see(seen())
    assert one.complete


def test_after_a_lost_thread_everything_is_news() -> None:
    one = picture()
    one.see(seen())
    one.take_all()
    one.forget_told()
    assert [told.probe for told in one.take_news()] == ["printer"]
