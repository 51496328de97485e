"""Switch the screen off or on. Proof: the display server, asked again, says so.

Not switched off under a citizen's hands. The way is the display server's own, or the program in
[actions.screen] `run` (with {on}: on or off).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from agent.actions import citizen, programs
from agent.actions.base import Context, Failed, Outcome, done
from agent.actions.page import place_of
from wire.actions import Switch

WITHIN_S: Final = 3.0
WAIT_FOR_CITIZEN_S: Final = 8.0
SEEN_WITHIN_S: Final = 4.0
WORDS: Final = {True: "on", False: "off"}


def do(context: Context) -> Outcome:
    on = context.args(Switch).on
    before = lit(context)
    if not on and context.watched("browser"):
        citizen.let_finish(context, place_of(context), WAIT_FOR_CITIZEN_S)
    context.note_undo("" if before is None else WORDS[before])
    with context.stop.too_late("the screen is being switched"):
        return _switch(context, before, on=on)


def undo(context: Context) -> Outcome:
    if context.asked.undo not in WORDS.values():
        return _switch(context, None, on=True)  # nobody knows: a kiosk is there to be seen
    return _switch(context, lit(context), on=context.asked.undo == "on")


def lit(context: Context) -> bool | None:
    """None when the screen does not tell."""
    if context.watched("screen") is None:
        raise Failed("no_device", "this kiosk has no screen that is watched")
    seen = context.probe("screen").observe().facts.get("lit")
    return seen if isinstance(seen, bool) else None


def _switch(context: Context, before: bool | None, *, on: bool) -> Outcome:  # noqa: FBT001 - a state of three values
    for words in _ways(context, on=on):
        programs.must_run(words, context.stop, WITHIN_S, environment=_environment(context))
    if not context.stop.until(lambda: lit(context) is on, SEEN_WITHIN_S, 0.5):
        told = lit(context)
        code = "unproven" if told is None else "not_taken"
        raise Failed(code, "the screen does not say that it did", {"lit": told, "before": before})
    return done({"lit": on, "before": before})


def _ways(context: Context, *, on: bool) -> list[Sequence[str]]:
    """The programs to run, one after the other. Raises Failed `unsupported`."""
    word, screen = WORDS[on], context.watched("screen") or {}
    if words := context.words("run"):
        return [programs.filled(words, on=word)]
    if screen.get("wayland"):
        socket = _sway(Path(str(screen.get("runtime_dir", ""))))
        return [["swaymsg", "-s", str(socket), f"output * power {word}"]]
    if screen.get("display"):
        return _x11(context, on=on)
    raise Failed("unsupported", "this kiosk's display server is not known")


def _sway(folder: Path) -> Path:
    found = sorted(folder.glob("sway-ipc.*.sock"))
    if not found:
        raise Failed("unsupported", "no compositor listens that could switch the screen")
    return found[-1]


def _x11(context: Context, *, on: bool) -> list[Sequence[str]]:
    """DPMS where the server has it, so that the picture is kept; else the outputs themselves."""
    environment = _environment(context)
    asked = programs.run(["xset", "q"], context.stop, WITHIN_S, environment=environment)
    if "DPMS is" in asked.text:
        return [["xset", "+dpms"], ["xset", "dpms", "force", WORDS[on]]]
    listed = programs.must_run(["xrandr"], context.stop, WITHIN_S, environment=environment).text
    outputs = [line.split()[0] for line in listed.splitlines() if " connected" in line]
    if not outputs:
        raise Failed("unsupported", "the X server has no output that could be switched")
    return [["xrandr", "--output", name, "--auto" if on else "--off"] for name in outputs]


def _environment(context: Context) -> dict[str, str]:
    screen = context.watched("screen") or {}
    named = {"DISPLAY": "display", "XAUTHORITY": "xauthority", "XDG_RUNTIME_DIR": "runtime_dir"}
    return {name: str(screen[key]) for name, key in named.items() if screen.get(key)}
