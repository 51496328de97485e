"""The portal's key: one for good, private, and told."""

import base64
from pathlib import Path

import msgspec

from portal import record_key
from wire.citizen import RecordKey
from wire.local import KEY
from wire.submission import key_id


def told(tray: Path) -> RecordKey:
    return msgspec.json.decode((tray / KEY).read_bytes(), type=RecordKey)


def test_it_is_made_once_kept_for_the_portal_alone_and_told(tmp_path: Path) -> None:
    first = record_key.begin(tmp_path, tmp_path, 7)
    again = record_key.begin(tmp_path, tmp_path, 8)
    assert (first.id, first.public) == (again.id, again.public)
    assert told(tmp_path) == RecordKey(public=first.public, made_at=7)
    assert (tmp_path / record_key.FILE).stat().st_mode & 0o777 == 0o600
    assert first.id == key_id(base64.b64decode(first.public))
    assert first.sign(b"text") == again.sign(b"text")


def test_what_the_agent_reads_is_mended_and_a_damaged_key_replaced(tmp_path: Path) -> None:
    first = record_key.begin(tmp_path, tmp_path, 7)
    (tmp_path / KEY).write_bytes(b"{")
    record_key.begin(tmp_path, tmp_path, 8)
    assert told(tmp_path) == RecordKey(public=first.public, made_at=8)
    (tmp_path / record_key.FILE).write_bytes(b"short")
    other = record_key.begin(tmp_path, tmp_path, 9)
    assert other.public != first.public
    assert told(tmp_path).public == other.public
