"""What people are told when a job cannot be: one exception, a code for programs and a reason.

Codes: `no_policy` (nobody signed one: the office must hold the ceremony), `unknown` (no such kiosk,
job, command, list or key), `arguments`, `asked`, `plan`, `why` (a reason is missing), `too_many`,
`grown` (more kiosks than the asker has seen), `power`, `key`, `signature`, `at`, `token`, `state`
(not now: it is over, or somebody was first), `taken` (a file number that another record has). Of
services: `version` (somebody saved it meanwhile), `exists` (it is there already). Of releases
besides: `no_folder` and `no_keys` (the office must be told where releases lie, or hold the
ceremony), `no_base` (its first tree must be published), `full` (its disk).
"""

from typing import Final

MISSING: Final = "unknown"
NOT_NOW: Final = frozenset({
    "state", "version", "exists", "taken", "no_policy", "token", "no_folder", "no_keys", "no_base",
    "full",
})  # fmt: skip


class Refused(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """Nothing was written. `why` is English, for people; `code` says who must act."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        self.why = why
        super().__init__(why)


class Lacks(Refused):
    """Whoever asks has not the power this needs anywhere: 403 and a row in the log."""

    def __init__(self, power: str) -> None:
        self.power = power
        super().__init__("power", f"this needs the power {power}: ask an administrator")
