"""What it means to bring a release into use, for each kind of bundle: what `install` asks of it.

Owns the words only. `shown` does it for content, `program` for programs. None of them moves the
link `current` or the journal; that is the business of `install`, in one order for all.
"""

from typing import Protocol

from agent.content.journal import Row
from wire.messages import Facts


class Later(Exception):  # noqa: N818 - says when
    """Not now, and nothing is wrong. `again_s`: when it is worth another look."""

    def __init__(self, why: str, again_s: float) -> None:
        super().__init__(why)
        self.why, self.again_s = why, again_s


class AgentNew(Exception):  # noqa: N818 - says what happened
    """The agent itself must start anew, from its new release."""


class Unfit(Exception):  # noqa: N818 - says what it is
    """The release is whole and signed, and cannot run here. Only another one helps."""


class Activation(Protocol):
    """In this order; each may be called again after a cut. Any may raise OSError."""

    def check(self, row: Row, /) -> None:
        """The tree of the release is fit to be used. Raises Unfit."""
        ...

    def ready(self, row: Row, /) -> Facts:
        """Nobody is disturbed now; what was seen before the switch. Raises Later."""
        ...

    def prepare(self, row: Row, /) -> None:
        """Right before the link is moved to `row.seq`."""
        ...

    def confirm(self, row: Row, /) -> Facts:
        """After it was moved: what proves that all is well. Raises Unwell, Later, AgentNew."""
        ...

    def back(self, row: Row, /) -> None:
        """After the link was moved to `row.before` again. Raises Later, AgentNew."""
        ...

    def finish(self, row: Row, /) -> None:
        """It is about to be reported, whichever way it ended."""
        ...
