"""A folder of releases with all its keys at hand, so that a test can sign whatever it likes.

Cuts and packs by the office's own code; signs by TUF's library and by nothing of ours, so that it
can also be wrong on purpose: too few signatures, old versions, times that have passed.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec
import zstandard
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from agent.content.held import Held
from agent.content.trust import Release
from controller.releases import packs
from controller.releases.cut import cut
from controller.releases.folder import Releases
from controller.releases.store import encode
from wire import content
from wire.content import About, Index, PackAbout

NOW: Final = 1_795_000_000_000  # some day of 2026, in ms
YEAR: Final = timedelta(days=365)
OFFLINE: Final = ("root", "targets", "content", "software")  # two of two keys each
ONLINE: Final = ("timestamp", "snapshot")


def at(ms: int) -> datetime:
    return datetime.fromtimestamp(ms // 1000, UTC)


class SignedFolder:
    """`keys`: the signers of each role; `roles`: what is signed at present, to change and `sign`.

    `now` may be set to any moment; `said` is what the timestamp says of it, None for `now`.
    """

    def __init__(self, path: Path, now: int = NOW) -> None:
        self.path, self.now = path, now
        self.said: int | None = None
        self.files = Releases(path)
        for name in ("metadata", "targets/content", "targets/software", "chunks", "packs"):
            (path / name).mkdir(parents=True)
        self.keys = {role: [_key(), _key()] for role in OFFLINE} | {r: [_key()] for r in ONLINE}
        self.indexes: dict[tuple[str, int], Index] = {}
        expires = at(now) + YEAR
        root = Root(expires=expires, consistent_snapshot=True)
        for role in ("root", "targets", *ONLINE):
            for key in self.keys[role]:
                root.add_key(key.public_key, role)
            root.roles[role].threshold = len(self.keys[role])
        delegated = {
            role: DelegatedRole(role, [], 2, terminating=True, paths=[f"{role}/*"])
            for role in content.ROLES
        }
        targets = Targets(expires=expires, delegations=Delegations({}, delegated))
        for role in content.ROLES:
            for key in self.keys[role]:
                targets.add_key(key.public_key, role)
        self.roles: dict[str, Any] = {
            "root": root,
            "targets": targets,
            "content": Targets(expires=expires),
            "software": Targets(expires=expires),
            "snapshot": Snapshot(expires=expires),
            "timestamp": Timestamp(expires=expires),
        }
        for role in ("root", "targets", *content.ROLES):
            self.sign(role)
        self.root = (path / "metadata/1.root.json").read_bytes()
        self.news()

    def sign(self, role: str, keys: Iterable[CryptoSigner] | None = None) -> bytes:
        """Write the role as it is now; `keys` instead of all that should."""
        signed: Signed = self.roles[role]
        made: Metadata[Any] = Metadata(signed)
        for key in self.keys[role] if keys is None else keys:
            made.sign(key, append=True)
        body = made.to_bytes(JSONSerializer(compact=True))
        name = f"{role}.json" if role == "timestamp" else f"{signed.version}.{role}.json"
        (self.path / "metadata" / name).write_bytes(body)
        return body

    def next(self, role: str, keys: Iterable[CryptoSigner] | None = None) -> bytes:
        """Its next version, signed for another year."""
        self.roles[role].version += 1
        self.roles[role].expires = at(self.now) + YEAR
        return self.sign(role, keys)

    def news(self) -> None:
        """The next snapshot and timestamp, as the office signs them."""
        snapshot, timestamp = self.roles["snapshot"], self.roles["timestamp"]
        for role in ("targets", *content.ROLES):
            snapshot.meta[f"{role}.json"] = self._meta(role)
        snapshot.expires = at(self.now) + timedelta(days=30)
        snapshot.version += 1
        self.sign("snapshot")
        timestamp.version += 1
        self.stamp()

    def stamp(self) -> None:
        """The timestamp of the present snapshot, its version left as it is."""
        timestamp = self.roles["timestamp"]
        timestamp.snapshot_meta = self._meta("snapshot")
        timestamp.expires = at(self.now) + timedelta(days=7)
        timestamp.unrecognized_fields["signed_at"] = self.said or self.now
        self.sign("timestamp")

    def rotate(self, *roles: str) -> None:
        """New keys for these in the next root, signed by the old roots and the new ones."""
        root: Root = self.roles["root"]
        signers = list(self.keys["root"])
        for role in roles:
            for old in self.keys[role]:
                root.revoke_key(old.public_key.keyid, role)
            self.keys[role] = [_key() for _ in self.keys[role]]
            for new in self.keys[role]:
                root.add_key(new.public_key, role)
        signers += [key for key in self.keys["root"] if key not in signers]
        self.next("root", signers)

    def publish(
        self,
        bundle: str,
        seq: int,
        tree: Mapping[str, bytes],
        *,
        since: Iterable[int] = (0,),
        change: Callable[[About], About] = lambda about: about,
        write: Callable[[Index], bytes] = content.write_index,
        pack: Callable[[bytes], bytes] = zstandard.compress,
    ) -> Release:
        """A release, signed and in the news. `change`, `write`, `pack`: to make it wrong."""
        index = self._cut(bundle, seq, tree)
        self.indexes[bundle, seq] = index
        made = (packs.write_pack(self.files, self.indexes.get((bundle, s)), index) for s in since)
        about = change(_about(index, self.now, tuple(one for one in made if one)))
        plain = write(index)
        self.put_index(about, pack(plain))
        self.news()
        return Release(about, index, plain)

    def put_index(self, about: About, sent: bytes) -> None:
        """These bytes as an index, signed by the people."""
        role, path = content.role_of(about.bundle), content.target_path(about.bundle, about.seq)
        target = TargetFile.from_data(path, sent, ["sha256"])
        target.unrecognized_fields["custom"] = msgspec.to_builtins(about)
        self.roles[role].targets[path] = target
        self.index_file(about.bundle, about.seq).write_bytes(sent)
        self.next(role)

    def index_file(self, bundle: str, seq: int) -> Path:
        """Where the compressed index lies."""
        path = content.target_path(bundle, seq)
        sha256 = self.roles[content.role_of(bundle)].targets[path].hashes["sha256"]
        folder, name = path.split("/")
        return self.path / "targets" / folder / f"{sha256}.{name}"

    def copy(self, to: Path) -> Path:
        """All files as they lie there now."""
        return Path(shutil.copytree(self.path, to))

    def _meta(self, role: str) -> MetaFile:
        version = self.roles[role].version
        body = (self.path / "metadata" / f"{version}.{role}.json").read_bytes()
        return MetaFile(version, len(body), {"sha256": hashlib.sha256(body).hexdigest()})

    def _cut(self, bundle: str, seq: int, tree: Mapping[str, bytes]) -> Index:
        source = self.path / "drafts" / f"{bundle}-{seq}"
        for name, data in tree.items():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes(data)

        def put(sha256: str, plain: bytes) -> None:
            path = self.files.chunk(sha256)
            path.parent.mkdir(exist_ok=True)
            if not path.exists():
                path.write_bytes(encode(plain))

        return Index(bundle=bundle, seq=seq, files=cut(source, tree, put))


def stand(folder: Path, release: Release, read: Callable[[str], bytes | None]) -> Held:
    """The release whole in its slot below `folder`, that of its bundle. What is held from now."""
    about = release.about
    slots = folder / "slots"
    for file in release.index.files:
        path = slots / str(about.seq) / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(read(sha256) or b"" for sha256, _ in file.chunks))
    (slots / f"{about.seq}.idx").write_bytes(release.plain)
    (slots / f"{about.seq}.about.json").write_bytes(msgspec.json.encode(about))
    shutil.rmtree(folder / "shelf", ignore_errors=True)
    return Held(slots, folder / "shelf")


def _key() -> CryptoSigner:
    return CryptoSigner.generate_ed25519()


def _about(index: Index, now: int, made: tuple[PackAbout, ...]) -> About:
    names = {sha256 for file in index.files for sha256, _ in file.chunks}
    return About(
        bundle=index.bundle,
        seq=index.seq,
        unpacked=sum(file.size for file in index.files),
        files=len(index.files),
        chunks=len(names),
        index_size=len(content.write_index(index)),
        built_at=now,
        packs=made,
    )
