"""What people are shown of releases: sizes and counts are never left out, only empty."""

from controller.releases.changes import Changes
from controller.releases.shapes import Release, ReleaseQuery, ReleaseRow


def test_a_question_without_words_asks_for_everything() -> None:
    assert ReleaseQuery() == ReleaseQuery(bundle="", states=(), page=1, size=50)


def test_a_draft_is_shown_with_nothing_signed_and_nothing_changed() -> None:
    row = ReleaseRow(1, "video", 1, "draft", 1, "baru", "a", 1, None, 0, 0, 0, 0, 0)
    shown = Release(row, {}, (), Changes(), None, (), 0)
    assert (shown.row.published_at, shown.changes.files, shown.signers) == (None, (), ())
