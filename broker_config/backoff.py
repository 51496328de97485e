"""How long to wait before something that died is started again: pure.

Owns the counting of deaths in a row. Never looks at a clock: it is told how long a life was.
"""

from dataclasses import dataclass


@dataclass
class Backoff:
    """Doubles from `first_s` to `most_s`; a life of `calm_s` or longer forgives everything."""

    first_s: float = 0.5
    most_s: float = 30.0
    calm_s: float = 60.0
    deaths: int = 0

    def after(self, lived_s: float) -> float:
        """Seconds to wait after a life of `lived_s` seconds."""
        self.deaths = 1 if lived_s >= self.calm_s else self.deaths + 1
        doublings = min(self.deaths - 1, 16)  # beyond this only the size of the number grows
        return float(min(self.most_s, self.first_s * 2**doublings))
