"""Makes the films in provisioning/starter/films: `python -m tests.films [FOLDER]`.

Chromium draws every picture of tests/films/scenes.js and encodes it; nothing is filmed, so that the
same scenes are the same film. Writes films.json, the films, their posters and subtitles.
"""

import argparse
import base64
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

from playwright.sync_api import Page, sync_playwright

from tests.films import webm
from tests.support.chromium import EXECUTABLE
from wire.service.document import Words
from wire.service.tenant import Film, Films, Subtitles, encode

HERE: Final = Path(__file__).parent
STARTER: Final = HERE.parents[1] / "provisioning" / "starter"
WIDE, HIGH, A_SECOND, SCENE_S, KEY_EVERY = 960, 540, 15, 4, 30
BITS: Final = 110_000  # a second: a film of half a minute stays below 400 kB
Language = Literal["id", "su", "en"]
CODEC: Final = "V_VP9"
ENCODE: Final = """
async ([film, frames, rate, every, bits]) => {
  const canvas = new OffscreenCanvas(WIDE, HIGH), out = [];
  const context = canvas.getContext("2d");
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const data = new Uint8Array(chunk.byteLength); chunk.copyTo(data);
      let text = ""; for (const byte of data) text += String.fromCharCode(byte);
      out.push([chunk.timestamp / 1000, chunk.type === "key", btoa(text)]);
    },
    error: (error) => { throw error; },
  });
  encoder.configure({ codec: "vp09.00.30.08", width: WIDE, height: HIGH, bitrate: bits,
                      framerate: rate, latencyMode: "quality" });
  for (let at = 0; at < frames; at++) {
    paint(context, film, at / rate);
    const frame = new VideoFrame(canvas, { timestamp: Math.round((at * 1e6) / rate) });
    encoder.encode(frame, { keyFrame: at % every === 0 }); frame.close();
    while (encoder.encodeQueueSize > 20) await new Promise((go) => setTimeout(go, 5));
  }
  await encoder.flush();
  return out;
}
"""
POSTER: Final = """
async ([film, seconds]) => {
  const canvas = document.createElement("canvas"); canvas.width = WIDE; canvas.height = HIGH;
  paint(canvas.getContext("2d"), film, seconds);
  return canvas.toDataURL("image/webp", 0.8).split(",")[1];
}
"""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.films", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=STARTER)
    folder: Path = parser.parse_args(argv).folder
    spoken = tomllib.loads((HERE / "spoken.toml").read_text("utf-8"))
    (folder / "films").mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        page = browser.new_page()
        page.route("**/*", lambda route: route.fulfill(body="<!doctype html>"))
        page.goto("http://localhost/")  # encoders are there only in a page that is trusted
        for script in ("draw.js", "scenes.js"):
            page.add_script_tag(content=(HERE / script).read_text("utf-8"))
        films = tuple(make(page, folder, code, said) for code, said in spoken.items())
        browser.close()
    (folder / "films.json").write_bytes(encode(Films(films=films)) + b"\n")
    return 0


def make(page: Page, folder: Path, code: str, said: Mapping[str, Any]) -> Film:
    seconds = SCENE_S * len(said["id"])
    chunks = page.evaluate(ENCODE, [code, seconds * A_SECOND, A_SECOND, KEY_EVERY, BITS])
    frames = [webm.Frame(round(at), key, base64.b64decode(data)) for at, key, data in chunks]
    film = webm.write(frames, WIDE, HIGH, seconds * 1000, CODEC)
    (folder / f"films/{code}.webm").write_bytes(film)
    poster = page.evaluate(POSTER, [code, SCENE_S * 1.8])
    (folder / f"films/{code}.webp").write_bytes(base64.b64decode(poster))
    for language in get_args(Language):
        (folder / f"films/{code}.{language}.vtt").write_text(subtitles(said[language]), "utf-8")
    return Film(
        code=code,
        title=Words(**said["title"]),
        about=Words(**said["about"]),
        file=f"films/{code}.webm",
        sha256=hashlib.sha256(film).hexdigest(),
        size=len(film),
        seconds=seconds,
        poster=f"films/{code}.webp",
        subtitles=tuple(
            Subtitles(language=language, file=f"films/{code}.{language}.vtt")
            for language in get_args(Language)
        ),
        services=tuple(said["services"]),
    )


def subtitles(lines: Sequence[str]) -> str:
    """WebVTT, a line a scene."""
    parts = ["WEBVTT"]
    for at, line in enumerate(lines):
        start, end = SCENE_S * at, SCENE_S * (at + 1)
        parts.append(f"00:{start // 60:02}:{start % 60:02}.200 --> {clock(end)}\n{line}")
    return "\n\n".join(parts) + "\n"


def clock(seconds: int) -> str:
    """A little before `seconds`: two lines never stand at once."""
    before = seconds - 1
    return f"00:{before // 60:02}:{before % 60:02}.900"


if __name__ == "__main__":
    raise SystemExit(main())
