"""What goes to the office beside the result: handed in at the door first, then named by its hash.

Never names what the door has not confirmed byte for byte.
"""

import hashlib
from typing import Final

from agent.actions.base import Context, Failed
from agent.actions.office import Office
from wire.actions import KINDS
from wire.door import MOST_ATTACHMENT
from wire.messages import Attachment

SILENCE_S: Final = 10.0  # kept of a step, of which nothing is heard meanwhile


def attach(context: Context, content: bytes, kind: str) -> Attachment:
    """Raises Failed `door`, `too_large`, `no_identity`."""
    if len(content) > MOST_ATTACHMENT[kind]:
        raise Failed("too_large", f"{len(content)} bytes are more than the door takes")
    office = Office(context.config, context.stop)
    within_s = KINDS[context.asked.kind].step_s - SILENCE_S
    stored = office.hand_in(context.asked.command, content, kind, within_s)
    digest = hashlib.sha256(content).hexdigest()
    if (stored.sha256, stored.size) != (digest, len(content)):
        raise Failed("door", "the door has stored something else than was handed in")
    return Attachment(sha256=digest, size=len(content), type=kind)
