"""What a list shows of a service: the newest revision, its name, whether it is a sample."""

from typing import Any

from controller.services.shapes import Line, Pack


def pack(revision: int, document: dict[str, Any]) -> Pack:
    return Pack(revision, "32.73", "KEC-A-1", revision, "draft", 0, 1, document, "a", 0, None,
                None, "", None)  # fmt: skip


def test_a_pack_without_a_name_goes_by_its_code() -> None:
    assert pack(1, {}).name == pack(1, {"name": "rusak"}).name == "KEC-A-1"
    assert pack(1, {"name": {"id": "Surat"}}).name == "Surat"


def test_a_line_speaks_of_what_is_being_written_first() -> None:
    shown, open_ = pack(1, {"decree": ""}), pack(2, {"decree": "SK 1"})
    assert Line("32.73", "KEC-A-1", shown, None).is_sample
    both = Line("32.73", "KEC-A-1", shown, open_)
    assert (both.newest, both.is_sample) == (open_, False)
