"""An office that publishes: a folder of releases, a ceremony held with keys at hand, a database.

`press` is on SQLite, `any_press` once on each database. `Press.publish` goes the whole way of a
release through the product's own parts; `fetched` believes what a kiosk believes, by TUF's client.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, Engine, select
from tuf.api.exceptions import DownloadHTTPError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from controller.people.audit import By
from controller.releases import clerk, drafts, signing, store, uploads
from controller.releases.drafts import Draft, Finished
from controller.releases.folder import Releases
from controller.releases.make import Terms
from controller.releases.metadata import moment
from controller.releases.online import Online
from controller.store.engine import open_engine, writing
from controller.store.release_tables import release
from tests.support.release_keys import NOW, hold, id_of
from wire.content import MOST_INDEX, About, Index, about_of, read_index, role_of, target_path

WHO: Final = By("penerbit", "192.0.2.9")
DAY: Final = 86_400_000
Tree = Mapping[str, bytes]


class Press:
    """`now` may be set to any moment. `home` is a folder of its own."""

    def __init__(self, engine: Engine, home: Path) -> None:
        self.engine, self.home, self.now = engine, home, NOW
        self.held = hold(home)
        self.releases = Releases(self.held.releases)
        self.online = Online(self.held.online)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with writing(self.engine) as conn:
            yield conn

    def read(self, question: Callable[[Connection], Any]) -> Any:
        with self.engine.connect() as conn:
            return question(conn)

    def tick(self) -> bool:
        with self.writing() as conn:
            return clerk.tick(conn, self.releases, self.online, self.now)

    def draft(self, tree: Tree, bundle: str = "video", note: str = "baru") -> Draft:
        with self.writing() as conn:
            made = drafts.begin(conn, self.releases, bundle, note, WHO, self.now)
        for path, body in tree.items():
            with uploads.incoming(self.releases, made.id, path, len(body)) as sink:
                sink.write(body)
        return made

    def finish(self, draft: Draft, **terms: Any) -> Finished:
        its = Terms(**terms)
        return drafts.finish(self.engine, self.releases, draft.id, WHO, self.now, terms=its)

    def sign(self, signing_id: int, count: int = 2) -> int:
        """What is missing after the first `count` keys of its role have signed."""
        one = self.read(lambda conn: signing.find(conn, signing_id))
        missing = -1
        for key in getattr(self.held.at_hand, one.role)[:count]:
            missing = self.say(signing_id, id_of(key), key.sign(one.text.encode()).hex())
        return missing

    def say(self, signing_id: int, key_id: str, word: str) -> int:
        with self.writing() as conn:
            return signing.add(conn, self.releases, signing_id, key_id, word, WHO, self.now)

    def waiting(self, tree: Tree, bundle: str = "video", **terms: Any) -> tuple[Draft, Finished]:
        """A release that waits for its signatures."""
        made = self.draft(tree, bundle)
        done = self.finish(made, **terms)
        assert not done.problems, done.problems
        return made, done

    def publish(self, tree: Tree, bundle: str = "video", **terms: Any) -> Draft:
        """The whole way; the draft as it was begun."""
        made, done = self.waiting(tree, bundle, **terms)
        assert self.sign(done.signing_id) == 0
        assert self.tick()
        return made

    def state(self, release_id: int) -> str:
        query = select(release.c.state).where(release.c.id == release_id)
        return str(self.read(lambda conn: conn.scalar(query)))

    def client(self, home: Path) -> Updater:
        """A kiosk's eyes at this press's hour. Its memory is `home`."""
        for name in ("tuf", "got"):
            (home / name).mkdir(parents=True, exist_ok=True)
        made = Updater(
            str(home / "tuf"),
            "releases:/metadata/",
            str(home / "got"),
            "releases:/targets/",
            fetcher=FromFolder(self.releases.path),
            config=UpdaterConfig(),
            bootstrap=(self.releases.metadata / "1.root.json").read_bytes(),
        )
        made._trusted_set.reference_time = moment(self.now)
        return made

    def fetched(self, home: Path, bundle: str, seq: int) -> tuple[About, Index] | None:
        """As a kiosk would have it: verified by TUF, unpacked, read. None: it is not on offer."""
        client = self.client(home)
        client.refresh()
        info = client.get_targetinfo(target_path(bundle, seq))
        if info is None:
            return None
        about = about_of(info.custom)
        got = home / "got" / role_of(bundle)
        sent = Path(client.download_target(info, str(got))).read_bytes()
        return about, read_index(store.unzstd(sent, MOST_INDEX), about)


class FromFolder(FetcherInterface):
    """Fetches below a folder, as a static server gives it away."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = self._folder / url.removeprefix("releases:/")
        if not path.is_file():
            raise DownloadHTTPError("not there", 404)
        return iter([path.read_bytes()])


def tree_of(index: Index, releases: Releases) -> dict[str, bytes]:
    """What the files of an index say, out of the chunks on the disk."""
    return {
        file.path: b"".join(store.read(releases, name) for name, _ in file.chunks)
        for file in index.files
    }


@pytest.fixture
def press(sqlite_url: str, tmp_path: Path) -> Iterator[Press]:
    engine = open_engine(sqlite_url)
    yield Press(engine, tmp_path / "press")
    engine.dispose()


@pytest.fixture
def any_press(database: str, tmp_path: Path) -> Iterator[Press]:
    engine = open_engine(database)
    yield Press(engine, tmp_path / "press")
    engine.dispose()
