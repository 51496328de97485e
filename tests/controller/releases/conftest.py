"""An office that publishes, for every test here."""

from tests.support.press import any_press, press

__all__ = ["any_press", "press"]
