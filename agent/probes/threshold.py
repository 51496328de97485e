"""A limit that does not chatter: passed at one value, left only at a lower one.

Every flip of a probe is a fact that is kept and sent, so a value resting on its limit must not
flip at each look. Pure: knows no clock and no device.
"""


class Threshold:
    """Remembers whether the value is over. `low` must not be above `high`."""

    def __init__(self, high: float, low: float) -> None:
        if low > high:
            raise ValueError(f"a limit of {high} cannot be left above it, at {low}")
        self._high = high
        self._low = low
        self._over = False

    def over(self, value: float | None) -> bool:
        """Whether the value counts as too high now; None (not known) leaves it as it was."""
        if value is not None:
            self._over = value >= (self._low if self._over else self._high)
        return self._over
