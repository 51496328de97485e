"""The hand-written chapters: all of them are in the handbook, under a heading of their own."""

import re

from wire import handbook, handbook_prose


def test_every_chapter_is_in_the_handbook() -> None:
    chapters = [text for name, text in vars(handbook_prose).items() if name.isupper()]
    headings = [re.findall(r"^#+ .*$", text, re.MULTILINE) for text in chapters]
    assert len(chapters) == 16
    assert all(len(found) == 1 and found[0] in handbook.text() for found in headings)
