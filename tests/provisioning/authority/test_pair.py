"""Made once, loaded ever after, never replaced by accident."""

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from provisioning.authority.files import Unsafe
from provisioning.authority.keys import KeyRefused
from provisioning.authority.pair import Busy, Missing, alone, load, open_or_make
from tests.support.authority import NOW

WORD = b"sebuah kata sandi panjang"


def test_made_on_first_use_with_safe_modes_and_the_same_ever_after(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    first = open_or_make(folder, None, NOW)
    for again in (open_or_make(folder, None, NOW + 1), load(folder, None)):
        assert [one.certificate for one in again] == [one.certificate for one in first]
    for name in ("device", "server"):
        assert (folder / name).stat().st_mode & 0o777 == 0o700
        assert (folder / name / "key.pem").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o022 == 0


def test_the_two_share_nothing(tmp_path: Path) -> None:
    device, server = open_or_make(tmp_path / "authority", None, NOW)
    assert device.key.public_key() != server.key.public_key()
    assert device.certificate.subject != server.certificate.subject
    assert device.pin != server.pin


def test_ten_who_come_first_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(10) as crowd:
        made = [*crowd.map(lambda _: open_or_make(tmp_path / "a", None, NOW), range(10))]
    assert len({(one.device.pin, one.server.pin) for one in made}) == 1


def test_with_a_passphrase_nothing_on_disk_is_readable_without_it(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    made = open_or_make(folder, WORD, NOW)
    assert load(folder, WORD).device.pin == made.device.pin
    for name in ("device", "server"):
        assert b"ENCRYPTED" in (folder / name / "key.pem").read_bytes()
    with pytest.raises(KeyRefused, match="has a passphrase"):
        open_or_make(folder, None, NOW)
    with pytest.raises(KeyRefused, match="not its passphrase"):
        open_or_make(folder, b"another one altogether", NOW)


@pytest.mark.parametrize("what", ["device", "device/key.pem", "server/key.pem", "."])
def test_an_authority_others_could_reach_is_not_used(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "authority"
    open_or_make(folder, None, NOW)
    (folder / what).chmod(0o777)
    with pytest.raises(Unsafe, match="administrator must"):
        open_or_make(folder, None, NOW)


def test_half_an_authority_is_never_filled_up_with_a_stranger(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    open_or_make(folder, None, NOW)
    shutil.rmtree(folder / "server")
    with pytest.raises(Missing, match="restore a backup"):
        open_or_make(folder, None, NOW)


def test_a_key_that_is_not_its_certificates_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    open_or_make(folder, None, NOW)
    shutil.copy(folder / "server" / "key.pem", folder / "device" / "key.pem")
    with pytest.raises(KeyRefused, match="do not belong together"):
        load(folder, None)


def test_a_broken_certificate_is_refused(tmp_path: Path) -> None:
    open_or_make(tmp_path / "a", None, NOW)
    (tmp_path / "a" / "device" / "cert.pem").write_text("garbage")
    with pytest.raises(KeyRefused, match="broken"):
        load(tmp_path / "a", None)


def test_only_one_at_a_time(tmp_path: Path) -> None:
    with alone(tmp_path, "warden", wait=False):
        with pytest.raises(Busy), alone(tmp_path, "warden", wait=False):
            pass
        with alone(tmp_path, "making"):
            pass
    with alone(tmp_path, "warden", wait=False):
        pass


STEPS = """
import os, signal, sys
from pathlib import Path
from provisioning.authority import files, pair

left = int(sys.argv[2])

def mortal(name):
    real = getattr(os, name)
    def step(*args, **more):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)
    setattr(os, name, step)

for name in ("open", "write", "fsync", "rename", "mkdir", "chmod", "fchmod", "replace", "unlink"):
    mortal(name)
pair.open_or_make(Path(sys.argv[1]), None, 1_800_000_000_000)
"""


def test_killed_at_any_step_of_the_first_use_it_is_made_by_the_next(tmp_path: Path) -> None:
    died = 0
    for step in range(0, 400, 4):  # every fourth: neighbours differ by a file's handle only
        folder = tmp_path / str(step)
        argv = [sys.executable, "-c", STEPS, str(folder), str(step)]
        done = subprocess.run(argv, check=False, cwd=Path.cwd(), capture_output=True)
        pair = open_or_make(folder, None, NOW)
        assert {one.name for one in pair} == {"device", "server"}
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        died += 1
    assert died > 3
    assert os.listdir(folder)  # noqa: PTH208 - what the last one left
