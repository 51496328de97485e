"""The one exception that may come out of reading what somebody else wrote."""

REASONS = (
    "topic",
    "wrong_partition",
    "unknown_kind",
    "empty",
    "too_large",
    "not_utf8",
    "not_json",
    "duplicate_key",
    "too_deep",
    "number",
    "wrong_shape",
    "wrong_version",
    "not_canonical",
)
"""Every reason for which a message is refused, as counted in /metrics."""


class MalformedMessage(ValueError):  # noqa: N818 - the house's word, see docs/protocol.md
    """The bytes are not a message of this language. The sender must act, the reader goes on.

    `reason` is one of REASONS; `detail` is for a person and may quote hostile text.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail[:200]}")
        self.reason = reason
        self.detail = detail[:200]
