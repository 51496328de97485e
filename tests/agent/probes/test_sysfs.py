"""Small files of the kernel."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.probes import sysfs


def test_a_missing_file_is_none_and_a_missing_folder_is_empty(tmp_path: Path) -> None:
    assert sysfs.text(tmp_path / "no") is None
    assert sysfs.number(tmp_path / "no") is None
    assert sysfs.folders(tmp_path / "no") == []


def test_a_folder_where_a_file_was_expected_is_none(tmp_path: Path) -> None:
    assert sysfs.text(tmp_path) is None


def test_a_file_longer_than_a_page_is_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "long"
    file.write_text("x" * 10_000 + "END\n")
    assert (sysfs.text(file) or "").endswith("END")


def test_a_real_file_of_proc_is_read_whole() -> None:
    route = Path("/proc/self/maps")
    assert (sysfs.text(route) or "").count("\n") > 30  # several pages


@pytest.mark.parametrize("junk", ["", "-", "--1", "1_0", " ", "1.5", "0x1f", "٣", "9" * 19, "nan"])
def test_what_is_no_decimal_number_is_none(junk: str) -> None:
    assert sysfs.parse_number(junk) is None


@given(st.text())
def test_any_text_is_a_number_or_none(text: str) -> None:
    value = sysfs.parse_number(text)
    assert value is None or abs(value) < 10**18


@given(st.integers(-(10**17), 10**17))
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    assert sysfs.parse_number(str(value)) == value


@given(content=st.binary(max_size=200))
def test_any_bytes_are_some_text(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("sysfs") / "file"
    file.write_bytes(content)
    assert isinstance(sysfs.text(file), str)
