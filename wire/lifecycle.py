"""Every state machine of the house as a table: (state, event) -> state.

A pair that is not in its table is a programming error and raises IllegalMove: nobody guesses.
"""

from typing import Final

Table = dict[tuple[str, str], str]


class IllegalMove(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """The table has no such pair: the caller is wrong, not the kiosk."""


PRESENCE: Final[Table] = {
    # `never`: registered, nothing heard yet, raises no alarm
    ("never", "birth"): "online",
    ("never", "heard"): "online",
    ("never", "deaf"): "never",
    ("never", "will"): "never",
    ("never", "farewell"): "never",
    ("never", "silent"): "never",
    ("online", "birth"): "online",
    ("online", "heard"): "online",
    ("online", "will"): "offline",
    ("online", "farewell"): "offline",
    ("online", "deaf"): "unknown",
    ("online", "silent"): "offline",
    ("offline", "birth"): "online",
    ("offline", "heard"): "online",
    ("offline", "will"): "offline",
    ("offline", "farewell"): "offline",
    ("offline", "deaf"): "offline",
    ("offline", "silent"): "offline",
    # `shut`: the broker was proven to refuse it; `bury`: and its name is never used again
    ("never", "shut"): "never",
    ("online", "shut"): "offline",
    ("offline", "shut"): "offline",
    ("unknown", "shut"): "offline",
    ("never", "bury"): "never",
    ("online", "bury"): "never",
    ("offline", "bury"): "never",
    ("unknown", "bury"): "never",
    # `unknown`: the office was deaf; only the kiosk or its silence at roll call decides
    ("unknown", "birth"): "online",
    ("unknown", "heard"): "online",
    ("unknown", "will"): "offline",
    ("unknown", "farewell"): "offline",
    ("unknown", "deaf"): "unknown",
    ("unknown", "silent"): "offline",
}

FAULT: Final[Table] = {
    # seen / gone: what the evidence says now; held: it has said so for long enough
    ("clear", "seen"): "pending",
    ("clear", "gone"): "clear",
    ("pending", "seen"): "pending",
    ("pending", "held"): "open",
    ("pending", "gone"): "clear",
    ("open", "seen"): "open",
    ("open", "gone"): "clearing",
    ("clearing", "gone"): "clearing",
    ("clearing", "seen"): "open",
    ("clearing", "held"): "clear",
}


IDENTITY: Final[Table] = {
    # Who may speak for a kiosk's name. `invite`: a one-time token was issued; `enrol`: redeemed
    ("registered", "invite"): "pending",
    ("registered", "decommission"): "decommissioned",
    ("pending", "invite"): "pending",
    ("pending", "enrol"): "active",
    ("pending", "revoke"): "revoked",
    ("pending", "decommission"): "decommissioned",
    # an active kiosk is replaced by new hardware: the old one works until the token is redeemed
    ("active", "invite"): "active",
    ("active", "enrol"): "active",
    ("active", "quarantine"): "quarantined",
    ("active", "revoke"): "revoked",
    ("active", "decommission"): "decommissioned",
    # quarantined: two machines used one identity; a person finds out which is ours and invites it
    ("quarantined", "quarantine"): "quarantined",
    ("quarantined", "invite"): "pending",
    ("quarantined", "revoke"): "revoked",
    ("quarantined", "decommission"): "decommissioned",
    ("revoked", "revoke"): "revoked",
    ("revoked", "invite"): "pending",
    ("revoked", "decommission"): "decommissioned",
    # the end: a name is never used again
    ("decommissioned", "decommission"): "decommissioned",
}

CERTIFICATE: Final[Table] = {
    # `use`: the first request signed by its key arrived; the kiosk's older ones are superseded then
    ("requested", "sign"): "issued",
    ("requested", "refuse"): "refused",
    ("requested", "revoke"): "refused",
    ("issued", "use"): "current",
    ("issued", "supersede"): "superseded",
    ("issued", "revoke"): "revoked",
    ("current", "use"): "current",
    ("current", "supersede"): "superseded",
    ("current", "revoke"): "revoked",
}


ENDS: Final = {  # what a kiosk says of a command's end -> the state after it
    "succeed": "succeeded",
    "fail": "failed",
    "reject": "rejected",
    "expired": "expired",
    "cancelled": "cancelled",
    "lost": "unknown",
}


def _command() -> Table:
    """From the office's eyes.

    `send`: handed to the broker. The kiosk's words: accept, progress, succeed, fail, reject,
    expired, cancelled, lost (it cannot know). The office's own: `cancel` (never sent), and two
    guesses: `overdue` (its time is over and no kiosk has taken it), `silent` (taken, and nothing
    was heard although its longest run is over).
    """
    words = {"accept": "accepted", "progress": "running"} | ENDS
    table: Table = {("queued", "cancel"): "cancelled"}
    # Whatever the office believed, the kiosk knows better: `overdue` and `silent` are guesses.
    for state in ("queued", "sent", "accepted", "running", "overdue", "silent"):
        table |= {(state, event): after for event, after in words.items()}
    table |= {
        ("queued", "send"): "sent",
        ("sent", "send"): "sent",
        ("accepted", "send"): "accepted",
        ("running", "send"): "running",
        ("running", "accept"): "running",  # overtaken on the way
        ("overdue", "send"): "overdue",
        ("silent", "send"): "silent",
        ("queued", "overdue"): "overdue",
        ("sent", "overdue"): "overdue",
        ("accepted", "silent"): "silent",
        ("running", "silent"): "silent",
    }
    # An end is an end. Late signs of life change nothing, another end is a programming error.
    for event, end in ENDS.items():
        table |= {(end, event): end, (end, "accept"): end, (end, "progress"): end}
    # Cancelled before it was sent, by an office whose books were put back: the kiosk knows better.
    table |= {("cancelled", event): after for event, after in ENDS.items()}
    return table


COMMAND: Final[Table] = _command()
# As people read it: a guess of the office is shown as what it stands for, and marked as a guess.
GUESSES: Final = {"overdue": "expired", "silent": "unknown"}
OPEN: Final = ("queued", "sent", "accepted", "running")

JOB: Final[Table] = {
    # `agree`: enough people have; `begin`: its moment has come; `hold`: a stop condition held it
    ("waiting", "agree"): "ready",
    ("waiting", "refuse"): "refused",
    ("waiting", "lapse"): "refused",
    ("waiting", "cancel"): "cancelled",
    ("ready", "begin"): "running",
    ("ready", "cancel"): "cancelled",
    ("ready", "refuse"): "refused",
    ("ready", "lapse"): "refused",
    ("running", "hold"): "held",
    ("running", "pause"): "paused",
    ("running", "cancel"): "cancelled",
    ("running", "finish"): "finished",
    ("held", "resume"): "running",
    ("held", "cancel"): "cancelled",
    ("held", "finish"): "finished",
    ("paused", "resume"): "running",
    ("paused", "cancel"): "cancelled",
    ("paused", "finish"): "finished",
}


def _install() -> Table:
    """One release on one kiosk, as the kiosk journals it.

    Until `switch` the release in use is untouched; from there on either `confirm` or the way back.
    """
    table: Table = {
        ("pending", "begin"): "downloading",
        ("downloading", "fetched"): "verifying",
        ("verifying", "whole"): "staged",
        ("verifying", "damaged"): "downloading",  # what was kept has rotted: fetched again
        ("staged", "damaged"): "downloading",
        ("staged", "switch"): "activating",
        ("activating", "switched"): "confirming",
        ("confirming", "confirm"): "installed",
        ("activating", "unwell"): "rolling_back",
        ("confirming", "unwell"): "rolling_back",
        ("rolling_back", "back"): "rolled_back",
    }
    for state in ("pending", "downloading", "verifying", "staged"):
        table |= {(state, "give_up"): "failed", (state, "replace"): "pending"}
    for state in ("installed", "rolled_back", "failed"):  # something else is desired
        table[state, "replace"] = "pending"
    return table


INSTALL: Final[Table] = _install()
SETTLED: Final = ("installed", "rolled_back", "failed")

RELEASE: Final[Table] = {
    # `check`: its files were read and cut; `sign`: enough keys have; `publish`: it can be fetched
    ("draft", "check"): "waiting",
    ("draft", "drop"): "dropped",
    ("waiting", "sign"): "signed",
    ("waiting", "drop"): "dropped",
    ("signed", "publish"): "published",
    # a ceremony of keys came before: the list is written anew, and signed again or given up
    ("signed", "restate"): "waiting",
    # withdrawn: signed as no longer offered; kiosks that have it keep it
    ("published", "withdraw"): "withdrawn",
}

ROLLOUT: Final[Table] = {
    # `agree`: enough people have; `begin`: its moment has come; `hold`: the gate does not know and
    # people must; `stop`: the gate knows that it harms, and whoever got it goes back
    ("waiting", "agree"): "ready",
    ("waiting", "refuse"): "refused",
    ("waiting", "lapse"): "refused",
    ("waiting", "abort"): "aborted",
    ("ready", "begin"): "running",
    ("ready", "abort"): "aborted",
    ("running", "hold"): "held",
    ("running", "pause"): "paused",
    ("running", "stop"): "rolling_back",
    ("running", "abort"): "aborted",  # nobody more gets it; who has it keeps it
    ("running", "back"): "rolling_back",  # a person wants it taken back everywhere
    ("running", "finish"): "finished",
    ("held", "resume"): "running",
    ("held", "stop"): "rolling_back",
    ("held", "abort"): "aborted",
    ("held", "back"): "rolling_back",
    ("paused", "resume"): "running",
    ("paused", "stop"): "rolling_back",
    ("paused", "abort"): "aborted",
    ("paused", "back"): "rolling_back",
    ("finished", "back"): "rolling_back",
    ("aborted", "back"): "rolling_back",
    ("rolling_back", "finish"): "rolled_back",
}

PACK: Final[Table] = {
    # a service pack in the office's books; `approve` is another person's than `submit`
    ("draft", "submit"): "review",
    ("draft", "drop"): "dropped",
    ("review", "return"): "draft",
    ("review", "approve"): "approved",
    ("approved", "return"): "draft",
    ("approved", "publish"): "published",  # it stands in a release that waits for its signatures
    ("published", "replace"): "retired",  # by its next revision
    ("published", "retire"): "retired",
}

RECORD: Final[Table] = {
    # what a kiosk handed in, until the registrar has judged it
    ("arrived", "accept"): "accepted",
    ("arrived", "refuse"): "refused",  # quarantined, with its reason
    ("refused", "judge"): "arrived",  # a person has mended the reason: a key, a service
}


def _submission() -> Table:
    table: Table = {
        ("submitted", "verify"): "verifying",
        ("submitted", "process"): "processing",
        ("verifying", "process"): "processing",
        ("verifying", "finish"): "ready",
        ("processing", "finish"): "ready",  # a paper to fetch, or a complaint that was answered
        ("returned", "complete"): "verifying",  # the citizen brought what was missing
        ("returned", "lapse"): "rejected",
        ("ready", "hand_over"): "taken",
        ("ready", "close"): "taken",  # answered, and nobody objected for ten working days
        ("ready", "reopen"): "processing",
        ("rejected", "reopen"): "verifying",
    }
    for state in ("submitted", "verifying", "processing"):
        table[state, "return"] = "returned"
        table[state, "reject"] = "rejected"
        table[state, "reassign"] = state
    for state in ("submitted", "verifying", "processing", "returned"):
        table[state, "withdraw"] = "withdrawn"
    return table


SUBMISSION: Final[Table] = _submission()
SUBMISSION_ENDS: Final = ("rejected", "taken", "withdrawn")


def move(table: Table, state: str, event: str) -> str:
    """The next state. Raises IllegalMove when the table does not know the pair."""
    try:
        return table[state, event]
    except KeyError:
        raise IllegalMove(f"{event!r} in state {state!r}") from None


def states(table: Table) -> frozenset[str]:
    return frozenset(state for state, _ in table) | frozenset(table.values())
