"""How often the broker writes its sessions down: by what a saving costs, not by the clock: pure.

Mosquitto writes everything it knows each time, and serves nobody meanwhile. A small office is saved
every few seconds, a nation's every half minute: the disk gets the same few bytes a second.
See docs/adr/0009. Never saves.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Saving:
    """Seconds between two savings: at least `least_s`, at most `most_s`."""

    bytes_per_s: float = 500_000
    least_s: float = 3.0
    most_s: float = 120.0

    def every_s(self, size: int) -> float:
        """For a memory of `size` bytes on disk."""
        return min(self.most_s, max(self.least_s, size / self.bytes_per_s))
