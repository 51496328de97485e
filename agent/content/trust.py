"""Which releases are signed for us, by TUF, and never less than what was seen before.

Owns <state>/content/tuf and index: the metadata, and the indexes of the releases asked for. TUF's
client checks signatures, versions, hashes and expiry; beside it stand our own floor (its files can
be lost), our own clock (a kiosk's is often wrong) and the sync of all it wrote before anything is
acted on. One process at a time: who calls holds the lock of the folder.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar, cast

from tuf.api import exceptions
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

from agent import disk
from agent.content.floor import Clock, Floor, Moment, reference
from agent.content.marks import marks, online
from agent.content.trouble import (
    BadRelease,
    Damaged,
    NotSigned,
    NotThere,
    Stale,
    StorageFailing,
    TooOld,
    Untrusted,
)
from agent.content.unpack import inflate
from wire import content
from wire.content import About, Index
from wire.errors import MalformedMessage

T = TypeVar("T")

ROOT: Final = "root.json"
METADATA: Final = "metadata/"
TARGETS: Final = "targets/"
SIGNED_AT: Final = "signed_at"  # in the timestamp: office ms when it was signed
_LIMITS: Final = UpdaterConfig(
    max_root_rotations=256,
    max_delegations=4,
    root_max_length=128 * 1024,
    timestamp_max_length=16 * 1024,
    snapshot_max_length=64 * 1024,
    targets_max_length=1024 * 1024,
)


class Source(Protocol):
    """Where the files of releases are, as `line` has them."""

    def read(self, path: str, most: int) -> bytes: ...
    def bring(self, path: str, part: Path, most: int) -> None: ...


@dataclass(frozen=True)
class Release:
    """What people have signed. `plain`: the canonical bytes of the index, as a slot keeps them."""

    about: About
    index: Index
    plain: bytes


class Trust:
    """`folder`: <state>/content, with root.json, the first root. One look at the office each.

    `moment` is the time by which it judged, None before the first look.
    """

    def __init__(self, folder: Path, line: Source, clock: Clock, floor: Floor) -> None:
        self._folder, self._line, self._clock, self._floor = folder, line, clock, floor
        self._updater: Updater | None = None
        self.moment: Moment | None = None

    def look(self) -> None:
        """Fetch the news, once. Raises LineFailing, NotNow, Untrusted, Stale, StorageFailing."""
        if self._updater is None:
            self._updater = self._guarded(self._refresh)

    def release(self, bundle: str, seq: int) -> Release:
        """Raises what `look` does, NotSigned, TooOld, BadRelease, NotThere, Damaged."""
        if seq < self._floor.least(bundle):
            raise TooOld(f"{bundle} {seq}: a release that forbids it was in use here")
        self.look()
        target = self._guarded(lambda: self._target(content.target_path(bundle, seq)))
        about = _about(target, bundle, seq)
        plain = self._guarded(lambda: self._index(target, about))
        try:
            return Release(about, content.read_index(plain, about), plain)
        except MalformedMessage as error:
            raise BadRelease(f"{target.path}: {error}") from error

    def _guarded(self, act: Callable[[], T]) -> T:
        """Their errors as ours, said for whoever must act."""
        try:
            return act()
        except exceptions.ExpiredMetadataError as error:
            raise Stale(f"the signed news has expired: {error}") from error
        except exceptions.DownloadError as error:
            raise NotThere(str(error)) from error
        except (exceptions.RepositoryError, ValueError) as error:
            raise Untrusted(f"{type(error).__name__}: {error}") from error
        except OSError as error:
            raise StorageFailing(str(error)) from error

    def _refresh(self) -> Updater:
        updater = self._begin(online=True)
        try:
            updater.refresh()
        except exceptions.ExpiredMetadataError:
            if online(_trusted(updater).root) == self._floor.said_by:
                raise
            # The root says that what the online keys have told of time was perhaps a thief's.
            updater = self._begin(online=False)
            updater.refresh()
        self._settle(updater)
        return updater

    def _begin(self, *, online: bool) -> Updater:
        folder = self._folder / "tuf"
        folder.mkdir(exist_ok=True)
        updater = Updater(
            str(folder),
            METADATA,
            fetcher=_Fetcher(self._line),
            config=_LIMITS,
            bootstrap=self._first_root(),
        )
        floor = self._floor.moment(online=online)
        self.moment = reference(self._clock.rtc(), self._clock.low(), floor)
        _trusted(updater).reference_time = self.moment.utc
        return updater

    def _first_root(self) -> bytes:
        try:
            return (self._folder / ROOT).read_bytes()
        except FileNotFoundError:
            raise Untrusted(
                f"{self._folder / ROOT}: no first root of releases here; it comes when the kiosk"
                " joins or renews, or is named as `roots` in agent.toml"
            ) from None

    def _target(self, path: str) -> TargetFile:
        updater = cast("Updater", self._updater)
        target = updater.get_targetinfo(path)
        self._settle(updater)
        if target is None:
            raise NotSigned(f"{path}: no such release is signed")
        return target

    def _settle(self, updater: Updater) -> None:
        """Refuse what lies below the floor, then put all that was seen onto the disk.

        TUF's client syncs nothing: after a power cut its files, and all they forbid, can be gone.
        """
        seen = marks(_trusted(updater))
        if below := self._floor.below(seen):
            raise Untrusted(f"older than before: {below}")
        root, timestamp = _trusted(updater).root, _trusted(updater).timestamp
        said = timestamp.unrecognized_fields.get(SIGNED_AT, 0)
        said = said if isinstance(said, int) and 0 < said < 2**53 else 0
        by = online(root)
        if not self._floor.knows(seen, said, by):  # else they were synced when it rose to that
            self._sync()
            self._floor.saw(seen, said, by)

    def _sync(self) -> None:
        for folder in (self._folder / "tuf" / "root_history", self._folder / "tuf"):
            for path in folder.iterdir():
                if path.is_file():
                    disk.sync_file(path)
            disk.sync_folder(folder)
        disk.sync_folder(self._folder)

    def _index(self, target: TargetFile, about: About) -> bytes:
        """Its plain bytes, from what was kept of it or from the line."""
        folder = self._folder / "index"
        folder.mkdir(exist_ok=True)
        name = f"{about.bundle}-{about.seq}.idx"
        part = folder / f"{target.hashes['sha256']}.{name}"
        for other in folder.glob(f"*.{about.bundle}-*.idx"):
            if other != part:
                other.unlink()
        path = f"{TARGETS}{content.role_of(about.bundle)}/{part.name}"
        for _ in range(2):  # the second time from its beginning
            if not part.exists() or part.stat().st_size < target.length:
                self._line.bring(path, part, target.length)
            data = part.read_bytes()
            if len(data) == target.length and _is(data, target):
                return _plain(data, about)
            part.unlink()
        raise Damaged(f"{path} is not what was signed")


class _Fetcher(FetcherInterface):
    """Our line as TUF's client knows one. Nothing passes through a file of /tmp."""

    def __init__(self, line: Source) -> None:
        self._line = line

    def download_bytes(self, url: str, max_length: int) -> bytes:
        try:
            return self._line.read(url, max_length)
        except NotThere as error:  # how the walk over the roots ends
            raise exceptions.DownloadHTTPError(str(error), 404) from error

    def _fetch(self, url: str) -> Iterator[bytes]:
        raise NotImplementedError(f"{url}: only small files come this way")


def _trusted(updater: Updater) -> TrustedMetadataSet:
    """What the client has checked. Not public in tuf 7.0.1, and the only way to set its clock."""
    return updater._trusted_set  # noqa: SLF001 - the version is fixed, and a test holds it


def _is(data: bytes, target: TargetFile) -> bool:
    return hashlib.sha256(data).hexdigest() == target.hashes["sha256"]


def _about(target: TargetFile, bundle: str, seq: int) -> About:
    try:
        about = content.about_of(target.custom)
    except MalformedMessage as error:
        raise BadRelease(f"{target.path}: {error}") from error
    if (about.bundle, about.seq) != (bundle, seq):
        raise BadRelease(f"{target.path}: it is {about.bundle} {about.seq}")
    if about.unpacked > content.MOST_UNPACKED or target.length > content.MOST_INDEX_SENT:
        raise BadRelease(f"{target.path}: larger than a release may be")
    if "sha256" not in target.hashes:
        raise BadRelease(f"{target.path}: no sha256")
    return about


def _plain(data: bytes, about: About) -> bytes:
    try:
        return inflate(data, about.index_size)
    except MalformedMessage as error:
        raise BadRelease(f"{about.bundle} {about.seq}: {error}") from error
