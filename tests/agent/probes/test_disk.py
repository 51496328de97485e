"""Room on the disks."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from agent.probes.disk import DiskProbe, Mount, mount_at, psutil_mounts

ROOT = Mount("/", 40.0, 50_000, 10.0, read_only=False)


def looking_at(*mounts: Mount) -> DiskProbe:
    return DiskProbe(lambda: mounts)


def test_a_disk_with_room_is_ok() -> None:
    finding = looking_at(ROOT).observe()
    assert finding == (
        "ok",
        {
            "mount": "/",
            "mounts": 1,
            "used_percent": 40.0,
            "free_mb": 50_000,
            "inodes_percent": 10.0,
            "read_only": False,
        },
        (),
        "",
    )


def test_the_fullest_mount_is_the_one_told_of() -> None:
    data = Mount("/data", 93.0, 700, 1.0, read_only=False)
    finding = looking_at(ROOT, data).observe()
    assert finding.facts["mount"] == "/data"
    assert finding.codes == ("disk.nearly_full",)
    assert finding.why == "/data: 93 % used, 700 MiB free"


def test_a_mount_without_inodes_left_is_worse_than_a_fuller_one() -> None:
    many = Mount("/var", 50.0, 9000, 95.0, read_only=False)
    assert looking_at(ROOT, many).observe().codes == ("disk.inodes_low",)


def test_a_full_disk_is_full_not_also_nearly_full() -> None:
    assert looking_at(ROOT._replace(used_percent=98)).observe().codes == ("disk.full",)


def test_a_disk_that_fell_back_to_read_only_comes_before_a_full_one() -> None:
    full = Mount("/data", 99.0, 1, None, read_only=False)
    finding = looking_at(ROOT._replace(read_only=True), full).observe()
    assert finding.codes == ("disk.read_only",)
    assert finding.why == "/: read-only, 40 % used, 50000 MiB free"


def test_a_mount_that_is_read_only_by_design_is_left_out() -> None:
    image = ROOT._replace(read_only=True)
    data = Mount("/data", 10.0, 900, None, read_only=False)
    finding = DiskProbe(lambda: [image, data], read_only_by_design=["/"]).observe()
    assert finding.state == "ok"
    assert (finding.facts["mount"], finding.facts["inodes_percent"]) == ("/data", None)


def test_a_disk_resting_on_its_limit_does_not_chatter() -> None:
    uses = (89.9, 90.0, 89.5, 90.1, 87.9)
    looks = iter([ROOT._replace(used_percent=used)] for used in uses)
    probe = DiskProbe(lambda: next(looks))
    codes = [probe.observe().codes for _ in uses]
    assert [bool(c) for c in codes] == [False, True, True, True, False]


def test_no_disk_at_all_is_unknown() -> None:
    finding = looking_at().observe()
    assert (finding.state, finding.why) == ("unknown", "no disk is mounted that could be asked")


def test_this_very_machine_agrees_with_psutil() -> None:
    told = {m.path: m for m in psutil_mounts()}
    assert told
    for path, mount in told.items():
        assert mount.used_percent == pytest.approx(psutil.disk_usage(path).percent, abs=0.5)
        assert 0 <= (mount.inodes_percent or 0) <= 100


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MiB with 20 inodes."""
    command = ["mount", "-t", "tmpfs", "-o", "size=2m,nr_inodes=20", "tmpfs", str(tmp_path)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.fail("no mount: run the tests as root, on a machine that allows mounts")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_real_disk_that_fills_up_is_seen_filling(small_disk: Path) -> None:
    probe = DiskProbe(lambda: [mount_at(str(small_disk), "rw,relatime")])
    assert probe.observe().state == "ok"
    (small_disk / "fat").write_bytes(b"x" * 2**21)
    assert probe.observe().codes == ("disk.full",)
    (small_disk / "fat").unlink()
    for number in range(18):
        (small_disk / str(number)).touch()
    assert probe.observe().codes == ("disk.inodes_low",)
