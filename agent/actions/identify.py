"""Make this kiosk known to whoever stands in a room of many: beep, flash, a slip with its name.

Each way is tried by itself, and one that fails is noted, not fatal; it fails when none worked. The
flash is drawn over the page, lets touches through, and takes itself away by a timer in the page: it
must not stay when this process dies. It is not drawn over a citizen's work.
"""

import io
import json
import math
import struct
import time
import wave
from collections.abc import Callable
from typing import Final

from agent.actions import citizen, leaf, programs, slip
from agent.actions.base import Context, Failed, Outcome, done
from agent.actions.page import Gone, Said, Silent, place_of, session
from agent.actions.stop import Cancelled, TimeUp
from wire.actions import Identify
from wire.messages import Fact

PLAYERS: Final = (["paplay"], ["aplay", "-q"])
RATE: Final = 16_000
SAY_EVERY_S: Final = 10.0
BEEP_S: Final = 0.4
BEEP_EVERY_S: Final = 2.0
SHOW: Final = """((name, seconds) => {
  document.getElementById("anjungan-identify")?.remove();
  const box = document.createElement("div");
  box.id = "anjungan-identify";
  box.textContent = name;
  Object.assign(box.style, {
    position: "fixed", inset: "0", zIndex: "2147483647", pointerEvents: "none",
    display: "grid", placeItems: "center", textAlign: "center", overflowWrap: "anywhere",
    padding: "4vmin", background: "#ffd400", color: "#101010",
    font: "700 11vmin/1.2 sans-serif", border: "6vmin solid #c8102e", boxSizing: "border-box",
  });
  (document.body ?? document.documentElement).append(box);
  box.animate([{opacity: 1}, {opacity: .45}, {opacity: 1}], {duration: 1000, iterations: Infinity});
  setTimeout(() => box.remove(), seconds * 1000);
  return box.isConnected && box.getBoundingClientRect().width > 0;
})(%s, %d)"""
HIDE: Final = """(() => {
  document.getElementById("anjungan-identify")?.remove();
  return document.getElementById("anjungan-identify") === null;
})()"""


def do(context: Context) -> Outcome:
    args = context.args(Identify)
    asked = {"flash": args.flash, "slip": args.slip, "beep": args.beep}
    ways: dict[str, Callable[[], str]] = {
        "flash": lambda: _flash(context, args.seconds),
        "slip": lambda: _slip(context),
        "beep": lambda: _beep(context, args.seconds),
    }
    began = time.monotonic()
    facts: dict[str, Fact] = {}
    try:
        for name in (name for name, wanted in asked.items() if wanted):
            facts[name] = _tried(ways[name])
        if facts.get("flash") == "done":
            _wait(context, began + args.seconds)
    finally:
        if facts.get("flash") == "done":
            _hide(context)
    if "done" not in facts.values():
        raise Failed("nothing_worked", _why(facts), facts)
    return done({**facts, "seconds": args.seconds})


def _wait(context: Context, until: float) -> None:
    while (left_s := until - time.monotonic()) > 0:
        context.progress(50, "here it is")
        context.stop.wait(min(left_s, SAY_EVERY_S))


def _tried(way: Callable[[], str]) -> str:
    try:
        return way()
    except Failed as failed:
        return f"{failed.code}: {failed.why}"[:200]


def _why(facts: dict[str, Fact]) -> str:
    return "; ".join(f"{name} {said}" for name, said in facts.items()) or "nothing was asked for"


def _flash(context: Context, seconds: int) -> str:
    place = place_of(context)
    try:
        if citizen.busy(place) is not False:
            return "citizen: somebody is using this kiosk, or the page does not say"
        with session(place) as talk:
            shown = talk.evaluate(SHOW % (json.dumps(context.kiosk), seconds))
    except (Gone, Said, Silent) as error:
        raise Failed("not_answering", str(error)) from error
    return "done" if shown is True else "not_shown"


def _hide(context: Context) -> None:
    """Its own timer does it otherwise."""
    try:
        with session(place_of(context), 1.0) as talk:
            talk.evaluate(HIDE, 1.0)
    except (Gone, Said, Silent):
        pass


def _slip(context: Context) -> str:
    slip.printed(context, leaf.lines(context.kiosk, context.asked.command, "identifikasi"))
    return "done"


def _beep(context: Context, seconds: int) -> str:
    """Beeps until the seconds are over, so that one can walk towards it."""
    given = context.words("beep")
    words = given or _player(context)
    until = time.monotonic() + seconds
    while True:
        ran = programs.run(words, context.stop, 5.0, feed=b"" if given else tone())
        if ran.code != 0:
            raise Failed("no_sound", ran.err.strip()[:100] or f"{words[0]} ended with {ran.code}")
        if time.monotonic() + BEEP_EVERY_S > until:
            return "done"
        _wait(context, time.monotonic() + BEEP_EVERY_S)


def _player(context: Context) -> list[str]:
    for words in PLAYERS:
        try:
            programs.run([words[0], "--version"], context.stop, 5.0)
        except (Cancelled, TimeUp):
            raise
        except Failed:
            continue
        return words
    raise Failed("unsupported", "this kiosk has no program that plays a sound")


def tone() -> bytes:
    """A short note as a WAV file."""
    count = int(RATE * BEEP_S)
    waves = (math.sin(2 * math.pi * 880 * at / RATE) for at in range(count))
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(struct.pack("<h", int(20_000 * one)) for one in waves))
    return made.getvalue()
