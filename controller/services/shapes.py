"""What people are shown of service packs. Shapes only; controller/services/read.py fills them."""

from typing import Any, Final, NamedTuple

OPEN: Final = ("draft", "review", "approved")  # one of a service at a time
SHOWN: Final = ("published",)


class Pack(NamedTuple):
    """One revision of one service pack. `document` may be unsound as long as it is a draft.

    `version` grows with every save; `release_id` is the release it was published in.
    """

    id: int
    tenant: str
    code: str
    revision: int
    state: str
    state_at: int
    version: int
    document: dict[str, Any]
    made_by: str
    made_at: int
    submitted_by: str | None
    reviewed_by: str | None
    why: str
    release_id: int | None

    @property
    def name(self) -> str:
        """In Indonesian; its code as long as it has none."""
        words = self.document.get("name")
        said = words.get("id") if isinstance(words, dict) else ""
        return str(said or self.code)


class Line(NamedTuple):
    """A service in the list: what citizens see, and what is being written beside it."""

    tenant: str
    code: str
    shown: Pack | None
    open: Pack | None

    @property
    def newest(self) -> Pack:
        pack = self.open or self.shown
        assert pack is not None
        return pack

    @property
    def is_sample(self) -> bool:
        return not str(self.newest.document.get("decree", "")).strip()
