"""Whether a kiosk is there: never, online, offline or unknown.

Pure; the table is wire.lifecycle.PRESENCE. Only a kiosk's own words, its will or its silence at a
roll call decide. That the office heard nothing because it was deaf makes `unknown`, not `offline`.
"""

from controller.known import Presence
from wire.lifecycle import PRESENCE, move
from wire.messages import Birth, Death, Up


def after(presence: Presence, event: str, now: int) -> Presence:
    """The presence after `event`; the very same value when nothing changed."""
    state = move(PRESENCE, presence.state, event)
    return presence if state == presence.state else Presence(state, now, event)


def event_of(message: Up) -> str:
    if isinstance(message, Death):
        return "farewell" if message.planned else "will"
    return "birth" if isinstance(message, Birth) else "heard"
