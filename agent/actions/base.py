"""What an action is given and gives: a Context and an Outcome.

An action is a module with `do(context) -> Outcome` and, when it can be taken back,
`undo(context) -> Outcome`. It returns proof, never hope: what it cannot prove it says as Failed
with a code. It touches one device, waits only through `context.stop`, gives every call a time
limit, and notes what is needed to take it back before it changes anything.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

from msgspec.structs import replace

from agent.actions import asked
from agent.actions.asked import Asked, Outcome
from agent.actions.stop import Stop
from agent.config import Config, Options
from agent.probes.base import Probe
from wire.actions import Args
from wire.messages import Fact

T = TypeVar("T", bound=Args)

__all__ = ["Action", "Context", "Failed", "Outcome", "done"]


class Failed(Exception):  # noqa: N818 - says what happened
    """It did not come about. `code` is for programs, `why` one sentence for a technician."""

    def __init__(self, code: str, why: str, facts: Mapping[str, Fact] | None = None) -> None:
        super().__init__(why)
        self.code, self.why, self.facts = code, why, dict(facts or {})


class Action(Protocol):
    def do(self, context: "Context") -> Outcome: ...


class Talk(NamedTuple):
    """How to speak to the executor: `note` returns when it has written down what it was told."""

    say: Callable[[bytes], object]
    note: Callable[[str], object]


class Context:
    """`root` is where /sys and /proc lie. `path` is that of agent.toml."""

    def __init__(
        self,
        config: Config,
        path: Path,
        given: Asked,
        stop: Stop,
        talk: Talk,
        *,
        root: Path = Path("/"),
    ) -> None:
        self.config, self.path, self.asked, self.stop, self.root = config, path, given, stop, root
        self._talk = talk
        self.noted: str | None = None
        self.state_dir = Path(config.state_dir)

    @property
    def kiosk(self) -> str:
        return self.config.kiosk

    @property
    def options(self) -> Options:
        """Those of [actions.<kind>]."""
        found = self.config.actions.get(self.asked.kind, {})
        return found if isinstance(found, dict) else {}

    def args(self, kind: type[T]) -> T:
        assert isinstance(self.asked.args, kind)
        return self.asked.args

    def option(self, name: str, kind: type, default: Any) -> Any:
        """A setting of this action. Raises Failed: whoever wrote agent.toml must act."""
        value = self.options.get(name, default)
        if not isinstance(value, kind) and value is not default:
            raise Failed("settings", f"[actions.{self.asked.kind}] {name} is not as it must be")
        return value

    def words(self, name: str) -> list[str]:
        """A program with its arguments; empty when none is set."""
        given = self.option(name, list, [])
        if not all(isinstance(word, str) for word in given):
            raise Failed("settings", f"[actions.{self.asked.kind}] {name}: a list of words")
        return list(given)

    def watched(self, probe: str) -> Options | None:
        """The options of a probe, None when it is not configured: the kiosk has no such device."""
        return self.config.options().get(probe)

    def device(self, probe: str, setting: str) -> Any:
        """The address of a device as its probe knows it. Raises Failed when there is none."""
        options = self.watched(probe)
        if options is None or setting not in options:
            raise Failed("no_device", f"this kiosk has no [probes.{probe}] with {setting}")
        return options[setting]

    def probe(self, name: str) -> Probe:
        """A probe of its own, with the options of the agent's. Raises Failed."""
        from agent.table import make  # noqa: PLC0415 - only where a device is looked at

        options = self.watched(name)
        if options is None:
            raise Failed("no_device", f"this kiosk has no [probes.{name}]")
        return make({name: options})[0]

    def progress(self, percent: int, note: str = "") -> None:
        self._talk.say(asked.progress(percent, note))

    def note_undo(self, text: str) -> None:
        """What is needed to take it back; only when this returns may anything be changed."""
        self._talk.note(text)
        self.noted = text
        self.stop.check()

    def to_take_back(self, within_s: float) -> "Context":
        """The same command, to be undone with what was noted, whoever wants it cancelled."""
        given = replace(self.asked, mode="undo", undo=self.noted or "")
        stop = Stop(within_s)
        return Context(self.config, self.path, given, stop, self._talk, root=self.root)


def done(facts: Mapping[str, Fact], why: str = "") -> Outcome:
    return Outcome(state="succeeded", why=why, facts=dict(facts))
