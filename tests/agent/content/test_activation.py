"""The words between `install` and those who bring a release into use."""

from agent.content import new_agent, new_portal, shown
from agent.content.activation import Activation, Later


def test_later_says_why_and_when() -> None:
    later = Later("a citizen is using it", 60.0)
    assert (later.why, later.again_s, str(later)) == ("a citizen is using it", 60.0, later.why)


def test_every_kind_of_bundle_answers_every_question() -> None:
    asked = [name for name in vars(Activation) if not name.startswith("_")]
    assert sorted(asked) == ["back", "check", "confirm", "finish", "prepare", "ready"]
    for kind in (shown.Shown, new_agent.NewAgent, new_portal.NewPortal):
        assert all(callable(getattr(kind, name)) for name in asked)
