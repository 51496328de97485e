"""Start the machine anew. Its proof comes after the boot, from whoever compares the boot's name.

Waits a while for a citizen or a print job to end and refuses when they do not. Says no success:
either the machine goes down while this waits, or it failed to.
"""

from typing import Final

from agent.actions import citizen, programs
from agent.actions.base import Context, Failed, Outcome
from agent.actions.page import place_of

DEFAULT: Final = ("systemctl", "reboot")
WAIT_FOR_CITIZEN_S: Final = 60.0
WAIT_FOR_PRINTER_S: Final = 60.0
ACCEPTED_WITHIN_S: Final = 30.0
DOWN_WITHIN_S: Final = 300.0


def do(context: Context) -> Outcome:
    if context.watched("browser"):
        citizen.let_finish(context, place_of(context), WAIT_FOR_CITIZEN_S)
    _let_print(context)
    words = context.words("run") or list(DEFAULT)
    context.progress(50, "the machine is going down")
    with context.stop.too_late("the machine is going down"):
        programs.must_run(words, context.stop, ACCEPTED_WITHIN_S)
        context.stop.wait(min(DOWN_WITHIN_S, context.stop.left_s - 1))
    raise Failed("still_up", "the machine was told to start anew and has not gone down")


def _let_print(context: Context) -> None:
    waited_s = 0.0
    while printing(context):
        if waited_s >= WAIT_FOR_PRINTER_S:
            raise Failed("busy", "the printer is at work: try again later")
        context.progress(10, "the printer is at work: waiting")
        context.stop.wait(3.0)
        waited_s += 3.0


def printing(context: Context) -> bool:
    """Whether the document printer works on something; one without paper prints nothing."""
    if context.watched("printer") is None:
        return False
    seen = context.probe("printer").observe()
    return seen.state in ("ok", "warn") and seen.facts.get("printer_state") == "processing"
