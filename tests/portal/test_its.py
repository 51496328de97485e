"""What the portal has when it was given nothing."""

from portal.its import Its
from tests.support.offered import PRESS


def test_whatever_was_not_given_does_not_exist() -> None:
    its = Its("kiosk", "", PRESS, lambda: 1)
    assert its.local() is None
    assert its.sync() is None
    assert (its.handing, its.tickets, its.printer, its.inquiry) == (None, None, None, None)


def test_each_has_a_screen_of_its_own() -> None:
    one, other = (Its("kiosk", "", PRESS, lambda: 1) for _ in range(2))
    assert one.screen is not other.screen
