"""Commands: how soon one click is answered, and how soon ten thousand kiosks are."""

from collections.abc import Iterator

from tests.bench import command_click, command_wave
from tests.bench.figures import Figure


def bench() -> Iterator[Figure]:
    yield from command_click.bench()
    yield from command_wave.bench()
