"""Proof of light: what the browser really shows is the release that was installed, and is seen.

Owns the questions to the kiosk's page through the debugging port: its `data-release`, in front,
beating, everything it is made of loaded, and a small picture of it that is more than one colour.
An answer is a proof, silence is none. Keeps no picture.
"""

import base64
import binascii
import json
from typing import Any, Final

from agent.actions.page import Gone, Place, Said, Silent, Talk, session
from agent.content import png
from agent.content.health import Until, Unwell
from agent.probes.browser import BEAT

PATIENCE_S: Final = 3.0
PICTURE_S: Final = 6.0  # Chromium waits for a frame that a stuck display never makes
WIDE: Final = 96  # pixels of the small picture
PLAIN: Final = (
    0.995  # so much of one colour is an empty page: the brand alone is more than the rest
)
HUNG_S: Final = 10.0
LOOK: Final = """(() => JSON.stringify({
  release: document.documentElement.dataset.release || "",
  visible: document.visibilityState === "visible",
  done: document.readyState === "complete",
  words: (document.body?.innerText || "").trim().length,
  bad: [...document.images].filter(one => one.complete && !one.naturalWidth).map(one => one.src)
    .concat(performance.getEntriesByType("resource")
      .filter(one => one.responseStatus >= 400).map(one => one.name))
    .slice(0, 3),
  wide: innerWidth, high: innerHeight,
}))()"""


class Light:
    """`place`: the browser and how the kiosk's page begins."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def is_there(self) -> bool:
        """Whether a page answers at all, whatever it shows."""
        try:
            with session(self._place, PATIENCE_S) as talk:
                return bool(_asked(talk, LOOK))
        except (Gone, Silent, Said):
            return False

    def prove(self, seq: int, until: Until, within_s: float) -> None:
        """The page shows release `seq`. Raises Unwell with what was wrong last."""
        wrong = [Unwell("browser_silent", "the browser does not answer")]

        def is_well() -> bool:
            try:
                with session(self._place, PATIENCE_S) as talk:
                    self._look(talk, seq)
            except Unwell as unwell:
                wrong[0] = unwell
            except (Gone, Silent, Said) as error:
                wrong[0] = Unwell("browser_silent", str(error))
            except (ArithmeticError, LookupError, TypeError, ValueError):
                wrong[0] = Unwell("browser_silent", "the page answers what no page of ours does")
            else:
                return True
            return False

        if not until(is_well, within_s):
            raise wrong[0]

    def _look(self, talk: Talk, seq: int) -> None:
        seen = _asked(talk, LOOK)
        if seen.get("release") != str(seq):
            raise Unwell("page_other", f"the page shows release {str(seen.get('release'))[:20]}")
        if not seen.get("done"):
            raise Unwell("page_loading", "the page does not finish loading")
        if not seen.get("visible"):
            raise Unwell("page_hidden", "the page is not in front")
        if bad := seen.get("bad"):
            raise Unwell("page_broken", f"the page lacks {str(bad[0])[-120:]}")
        if not seen.get("words"):
            raise Unwell("page_blank", "the page shows no word")
        if float(_asked(talk, BEAT).get("age", HUNG_S)) >= HUNG_S:
            raise Unwell("page_hung", "the page does not beat")
        if _is_plain(_picture(talk, int(seen["wide"]), int(seen["high"]))):
            raise Unwell("page_blank", "the page is one colour")


def _asked(talk: Talk, script: str) -> dict[str, Any]:
    """Raises Gone, Silent, Said."""
    try:
        found = json.loads(str(talk.evaluate(script, PATIENCE_S)))
    except ValueError as error:
        raise Said("the page answers what no page of ours does") from error
    return found if isinstance(found, dict) else {}


def _picture(talk: Talk, wide: int, high: int) -> bytes:
    clip = {"x": 0, "y": 0, "width": wide, "height": high, "scale": WIDE / max(wide, high, 1)}
    answer = talk.call("Page.captureScreenshot", PICTURE_S, format="png", clip=clip)
    try:
        return base64.b64decode(str(answer.get("data", "")), validate=True)
    except binascii.Error as error:
        raise Said("the browser's picture is none") from error


def _is_plain(picture: bytes) -> bool:
    try:
        return png.is_plain(picture)
    except png.NoPicture as error:
        raise Said("the browser's picture is none") from error
