"""A picture of the kiosk's page for a technician: JPEG, half its size, at most 100 kB.

Never taken from a dark screen (taking one would wake it) and never while a citizen is at it. A
page that hangs gives no picture by itself; then the display's own is taken, but only when the
portal last heard that nobody had anything of theirs on the screen: in doubt there is no picture.
"""

import base64
import binascii
import struct
from typing import TYPE_CHECKING, Any, Final

from agent.actions import citizen, programs
from agent.actions.attaching import attach
from agent.actions.base import Context, Failed, Outcome
from agent.actions.page import Gone, Place, Said, Silent, bare, place_of, session, target
from agent.probes.browser import is_under
from wire.door import MOST_ATTACHMENT

if TYPE_CHECKING:
    from agent.probes.base import Facts

KIND: Final = "image/jpeg"
MOST: Final = MOST_ATTACHMENT[KIND]
WITHIN_S: Final = 6.0  # Chromium waits for a frame that a stuck display never makes
TRIES: Final = ((50, 0.5), (30, 0.5), (15, 0.5), (30, 0.25), (10, 0.2))
DISPLAY_WITHIN_S: Final = 8.0
SIZE: Final = "[innerWidth, innerHeight]"


def do(context: Context) -> Outcome:
    place = place_of(context)
    _refuse_dark(context)
    context.progress(10, "taking the picture")
    try:
        url, picture, how = _of_page(place)
    except (Silent, Said):
        url, picture, how = _of_display(context, place)
    except Gone as gone:
        raise Failed("not_running", str(gone)) from gone
    width, height = size_of(picture)
    facts: Facts = {"page": url, "width": width, "height": height, "bytes": len(picture)}
    context.progress(60, "handing it in")
    attachment = attach(context, picture, KIND)
    return Outcome(state="succeeded", facts={**facts, "of": how}, attachment=attachment)


def _refuse_dark(context: Context) -> None:
    if context.watched("screen") is None:
        return
    if context.probe("screen").observe().facts.get("lit") is False:
        raise Failed("dark", "the screen is off: a picture would wake it")


def _of_page(place: Place) -> tuple[str, bytes, str]:
    page = target(place)
    with session(place) as talk:
        if talk.evaluate(citizen.BUSY) is not False:
            raise _citizen()
        width, height = talk.evaluate(SIZE)
    for quality, scale in TRIES:
        picture = _capture(place, quality, {"width": width, "height": height, "scale": scale})
        if picture and len(picture) <= MOST:
            return bare(page.url), picture, "page"
    raise Failed("too_large", f"the picture cannot be made smaller than {MOST} bytes")


def _capture(place: Place, quality: int, size: dict[str, Any]) -> bytes:
    """Empty when it is larger than the debugging protocol is let to carry."""
    with session(place) as talk:
        try:
            answer = talk.call(
                "Page.captureScreenshot",
                WITHIN_S,
                format="jpeg",
                quality=quality,
                clip={"x": 0, "y": 0, **size},
            )
        except Gone:
            return b""
        # It may have begun to write while the picture was made: then nobody sees the picture.
        if talk.evaluate(citizen.BUSY) is not False:
            raise _citizen()
    try:
        return base64.b64decode(str(answer["data"]), validate=True)
    except (KeyError, binascii.Error) as error:
        raise Said("the browser gives no picture") from error


def _of_display(context: Context, place: Place) -> tuple[str, bytes, str]:
    """What the display shows while the page hangs."""
    url = _last_page(context, place)
    words, environment = display_program(context)
    for quality, scale in TRIES:
        made = programs.filled(words, quality=quality, scale=scale)
        ran = programs.run(made, context.stop, DISPLAY_WITHIN_S, environment=environment)
        if ran.code != 0 or not ran.out.startswith(b"\xff\xd8"):
            raise Failed(
                "not_answering", f"the page hangs and the display gives no picture: {made[0]}"
            )
        if len(ran.out) <= MOST:
            return url, ran.out, "display"
    raise Failed("too_large", f"the picture cannot be made smaller than {MOST} bytes")


def _last_page(context: Context, place: Place) -> str:
    try:
        url = target(place).url
    except Gone:
        url = ""
    nobody = citizen.last_known(context) is False and is_under(url, place.expected)
    if not nobody:
        raise Failed(
            "not_answering", "the page hangs, and nobody knows whether a citizen's form is on it"
        )
    return bare(url)


def display_program(context: Context) -> tuple[list[str], dict[str, str]]:
    """What prints a JPEG of the display, by configuration or by the display server."""
    screen = context.watched("screen") or {}
    words = context.words("display")
    if not words and screen.get("wayland"):
        words = ["grim", "-t", "jpeg", "-q", "{quality}", "-s", "{scale}", "-"]
    if not words:
        raise Failed("not_answering", "the page hangs, and no program takes the display's picture")
    named = {"WAYLAND_DISPLAY": "wayland", "XDG_RUNTIME_DIR": "runtime_dir", "DISPLAY": "display"}
    return words, {name: str(screen[key]) for name, key in named.items() if screen.get(key)}


def _citizen() -> Failed:
    return Failed("citizen", "a citizen is using this kiosk: no picture is taken")


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height in pixels. Raises Failed when it is no JPEG."""
    at = 2
    while picture[:2] == b"\xff\xd8" and at + 9 <= len(picture) and picture[at] == 0xFF:
        marker, length = struct.unpack_from(">BH", picture, at + 1)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", picture, at + 5)
            return width, height
        at += 2 + length
    raise Failed("broken", "what came is no picture")
