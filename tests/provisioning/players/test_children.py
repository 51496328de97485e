"""So many children at once, over all players, and no more."""

from provisioning.players.children import Children
from tests.support.wait import until

SLEEPS = ("-c", "import signal; signal.pause()")


def test_a_child_takes_a_place_until_it_has_ended() -> None:
    children = Children(1)
    first = children.start(SLEEPS, b"")
    assert first is not None
    assert children.start(SLEEPS, b"") is None
    first.kill()
    second = children.start(("-c", ""), b"")
    assert second is not None
    until(lambda: not children.running, 20)
    assert second.poll() == 0
