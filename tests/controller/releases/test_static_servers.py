"""Releases served by something that knows nothing of us: a kiosk's own fetching, from real nginx.

Once as a web server has them, at an address of their own; once as an object store names them,
path style, below a bucket and a prefix (an nginx at such paths: no object store runs here).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
import pytest

from agent.content.trouble import Trouble
from controller.store.engine import open_engine
from tests.support.child import Child, free_port
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.press import Press

CONFIG = """\
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log stderr;
worker_processes 1;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  default_type application/octet-stream;
  server {{
    listen 127.0.0.1:{port};
    root {releases};
    location /anjungan-bandung/rilis/ {{ alias {releases}/; }}
  }}
}}
"""
FILM = Random(3).randbytes(300_000)
FIRST = {"content.json": b"{}", "page.html": b"<p>satu</p>" * 900, "film.mp4": b"\0\0\0\x18" + FILM}
SECOND = FIRST | {"page.html": b"<p>dua</p>" + b"<p>satu</p>" * 900}


@pytest.fixture
def press(sqlite_url: str) -> Iterator[Press]:
    """Not below pytest's own folder, which another run may close to others at any moment."""
    engine = open_engine(sqlite_url)
    with TemporaryDirectory(prefix="anjungan-static-") as name:
        Path(name).chmod(0o711)
        (Path(name) / "press").mkdir(mode=0o711)
        yield Press(engine, Path(name) / "press")
    engine.dispose()


@pytest.fixture
def nginx(press: Press, tmp_path: Path) -> Iterator[str]:
    """Its address. It may read what everybody may: drafts are none of that."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "nginx is not installed: `make test` does it"
    folder = tmp_path / "nginx"
    folder.mkdir()
    port = free_port()
    user = "nobody nogroup" if os.geteuid() == 0 else "root"
    press.held.keys.parent.chmod(0o711)
    text = CONFIG.format(folder=folder, port=port, releases=press.releases.path, user=user)
    (folder / "nginx.conf").write_text(text)
    child = Child([program, "-p", str(folder), "-c", "nginx.conf"], folder / "log")
    child.wait_for_port(port)
    yield f"http://127.0.0.1:{port}"
    child.stop()


def kiosk(press: Press, home: Path, url: str) -> Fetcher:
    state, folder = home / "state", home / "folder"
    state.mkdir(parents=True)
    (folder / BUNDLE).mkdir(parents=True)
    root = press.releases.metadata / "1.root.json"
    (state / "root.json").write_bytes(root.read_bytes())
    return Fetcher(state, folder, url, rtc=press.now)


@pytest.mark.parametrize("below", ["", "/anjungan-bandung/rilis"])
def test_a_kiosk_fetches_what_the_office_published_from_a_static_server(
    press: Press, nginx: str, tmp_path: Path, below: str
) -> None:
    press.publish(FIRST, BUNDLE)
    one = kiosk(press, tmp_path / "kiosk", nginx + below)
    first = one.install(1)
    press.publish(SECOND, BUNDLE)
    release, second = one.fetch(2)
    slot = {file.path: file.size for file in release.index.files}
    assert slot == {path: len(body) for path, body in SECOND.items()}
    assert first.pack > len(FILM)
    assert 0 < second.pack < 1000
    assert second.refused == 0


def test_a_range_of_a_pack_is_what_a_static_server_gives(press: Press, nginx: str) -> None:
    press.publish(FIRST, BUNDLE)
    body = press.releases.pack(BUNDLE, 0, 1).read_bytes()
    answer = httpx.get(f"{nginx}/packs/{BUNDLE}-0-1.pack", headers={"range": "bytes=1000-1999"})
    assert (answer.status_code, answer.content) == (206, body[1000:2000])


def test_drafts_are_not_given_away_by_a_server_that_gives_the_whole_folder(
    press: Press, nginx: str
) -> None:
    made = press.draft({"a.txt": b"not yet"})
    assert (press.releases.draft(made.id) / "a.txt").exists()
    assert httpx.get(f"{nginx}/drafts/{made.id}/a.txt").status_code == 403


def test_a_server_that_has_only_half_of_it_installs_nothing(
    press: Press, nginx: str, tmp_path: Path
) -> None:
    press.publish(FIRST, BUNDLE)
    for kind in ("chunks", "packs"):
        shutil.rmtree(press.releases.path / kind)
    with pytest.raises(Trouble):
        kiosk(press, tmp_path / "kiosk", nginx).fetch(1)
