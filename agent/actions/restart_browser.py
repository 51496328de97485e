"""End the kiosk's browser so that it starts anew: asked first, then by its keeper, then by force.

Proof: another browser answers, with the expected page in front and beating. Ends only a process
that was started with this kiosk's own debugging port.
"""

import os
import signal
import time
from pathlib import Path
from typing import Final

from agent.actions import citizen, programs
from agent.actions.base import Context, Failed, Outcome, done
from agent.actions.page import (
    Gone,
    Place,
    Said,
    Silent,
    Version,
    alive,
    browser_session,
    place_of,
    session,
    version,
)
from agent.probes.base import Facts

WAIT_FOR_CITIZEN_S: Final = 10.0
CLOSED_WITHIN_S: Final = 6.0
BACK_WITHIN_S: Final = 40.0


def do(context: Context) -> Outcome:
    place = place_of(context)
    citizen.let_finish(context, place, WAIT_FOR_CITIZEN_S)
    before, pid = _who(place.port), process_of(context.root, place.port)
    facts: Facts = {"browser_before": before, "pid_before": pid}
    with context.stop.too_late("the browser is starting anew"):
        began = time.monotonic()
        facts["how"] = _end(context, place, before)
        context.progress(40, "the browser is starting anew")
        facts |= _wait_for_it(context, place, before)
        facts["dark_s"] = round(time.monotonic() - began, 1)
    facts["pid"] = process_of(context.root, place.port)
    return done(facts)


def _end(context: Context, place: Place, before: str) -> str:
    """How it was ended: the mildest that works."""
    if before and _close(place) and _goes(context, place, before):
        return "closed"
    if words := context.words("run"):
        context.progress(20, "the browser does not close: restarting its service")
        ran = programs.run(words, context.stop, 25.0)
        if ran.code == 0:
            return "service"
    if kill(context.root, place.port) and (not before or _goes(context, place, before)):
        return "killed"
    if not before:
        return "waited"  # it was not running: whoever keeps it may be at it
    raise Failed("not_ending", "the browser neither closes nor can be ended from here")


def _close(place: Place) -> bool:
    try:
        with browser_session(place.port) as talk:
            talk.call("Browser.close")
    except (Said, Silent):
        return False
    except Gone:
        pass  # it may hang up before it answers
    return True


def _goes(context: Context, place: Place, before: str) -> bool:
    return context.stop.until(lambda: _who(place.port) != before, CLOSED_WITHIN_S, 0.1)


def _wait_for_it(context: Context, place: Place, before: str) -> Facts:
    last = Failed("not_back", "the browser has not come back")
    ends = time.monotonic() + BACK_WITHIN_S
    while time.monotonic() < ends:
        now = _who(place.port)
        if now and now != before:
            try:
                with session(place) as talk:
                    return {"browser": now, "page": alive(context, place, talk)}
            except Failed as failed:
                last = failed
            except (Gone, Said, Silent):
                pass  # it is just starting
        context.stop.wait(0.25)
    raise last


def _who(port: int) -> str:
    """The identity of the browser that answers now, empty when there is none."""
    try:
        found: Version = version(port, 2.0)
    except Gone:
        return ""
    return found.id or found.browser


def process_of(root: Path, port: int) -> int | None:
    """The browser's own process, told by its debugging port."""
    flag = f"--remote-debugging-port={port}".encode()
    for folder in (root / "proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if flag in words and not any(word.startswith(b"--type=") for word in words):
            return int(folder.name)
    return None


def kill(root: Path, port: int) -> bool:
    """Whether there was one that could be killed."""
    pid = process_of(root, port)
    if pid is None:
        return False
    try:
        os.kill(pid, signal.SIGKILL)
    except (PermissionError, ProcessLookupError):
        return False
    return True
