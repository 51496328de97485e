"""The office's key, as long as kiosks would believe it: the policy in force names it.

Owns why not, and that it is said once and not every second. Signs nothing and asks no database.
"""

from collections.abc import Callable
from typing import Final

from controller.commands.orders import Signer
from wire.policy import Policy, Refusal, office_key

NO_KEY: Final = "start with --command-key FILE"
NO_POLICY: Final = "no policy is stored, `anjungan policy init` makes one"
STRANGE_KEY: Final = "the policy in force does not know the command key"


class Voice:
    """`silent`: what cannot be done without it, the beginning of what `say` tells the office."""

    def __init__(self, signer: Signer | None, silent: str, say: Callable[[str], None]) -> None:
        self.signer = signer
        self._silent = silent
        self._say = say
        self._told = ""

    def usable(self, policy: Policy | None) -> Signer | None:
        """The key, under this policy in force."""
        why = self._why(policy)
        if why and why != self._told:
            self._say(f"{self._silent}: {why}")
        self._told = why
        return None if why else self.signer

    def _why(self, policy: Policy | None) -> str:
        if self.signer is None:
            return NO_KEY
        if policy is None:
            return NO_POLICY
        try:
            office_key(policy, self.signer.id)
        except Refusal:
            return STRANGE_KEY
        return ""
