"""The drawn picture is a JPEG that a real browser shows, with a text one can read."""

import base64
import json
from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from agent.content.png import is_plain
from agent.probes import cdp
from provisioning.players.devices.picture import HIGH, INK, PAPER, WIDE, jpeg, png
from tests.support.chromium import RealChromium
from tests.support.wait import until

SHOW = """(() => {
  window.image = new Image();
  window.image.src = "data:image/jpeg;base64,DATA";
  return "";
})()"""
LOOK = """(() => {
  const image = window.image;
  if (!image.complete || !image.naturalWidth) return "";
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
  const paint = canvas.getContext("2d");
  paint.drawImage(image, 0, 0);
  const greys = paint.getImageData(0, 0, canvas.width, canvas.height).data
    .filter((_, at) => at % 4 === 0);
  return JSON.stringify([canvas.width, canvas.height, greys[0],
    greys.reduce((least, grey) => Math.min(least, grey), 255)]);
})()"""


@given(some.text("abcdefghijklmnopqrstuvwxyz0123456789-", max_size=32), some.integers(0, 255))
def test_every_name_makes_a_small_file(name: str, shade: int) -> None:
    made = jpeg(name, shade)
    assert made.startswith(b"\xff\xd8\xff\xe0")
    assert made.endswith(b"\xff\xd9")
    assert len(made) < 30_000


def test_no_two_names_look_the_same() -> None:
    made = sorted(jpeg(f"bdg-andir-{number}") for number in range(40))
    assert all(one != other for one, other in pairwise(made))


def test_a_real_browser_shows_it(chromium: Callable[[str], RealChromium]) -> None:
    browser = chromium("about:blank")
    (page,) = cdp.pages(browser.port, 5)
    session = cdp.Session(page, browser.port, 5, "1")
    data = base64.b64encode(jpeg("bdg-andir-1")).decode()
    session.evaluate(SHOW.replace("DATA", data), 5)
    told = until(lambda: session.evaluate(LOOK, 5), 10)
    assert json.loads(told) == [8 * WIDE, 8 * HIGH, PAPER, INK]
    session.close()


def test_only_a_blank_page_is_one_colour() -> None:
    assert is_plain(png(blank=True))
    assert not is_plain(png())
