"""What the controller counts about itself: shown at /metrics and on the office's own page.

Owns the names. Counters only grow while the process lives; gauges say what is now. Labels are one
string, e.g. `kind=reading`, made from words of our own and never from
what a kiosk wrote.
"""

from collections.abc import Mapping

HELP: Mapping[str, str] = {
    "anjungan_messages_total": "messages taken from the broker, by kind",
    "anjungan_malformed_total": "messages refused, by reason",
    "anjungan_unknown_kiosk_total": "messages of kiosks that are not registered",
    "anjungan_outcome_total": "messages by what became of them: accepted, duplicate, stale ...",
    "anjungan_missing_total": "messages that never arrived, counted by gaps in the sequence",
    "anjungan_facts_total": "facts stored",
    "anjungan_flooded_total": "messages not heard because their kiosk sent far too many",
    "anjungan_poisoned_total": "messages that broke the office's own code or the database's rules",
    "anjungan_faults_total": "faults by turn: opened, cleared",
    "anjungan_acks_total": "acknowledgements of facts sent to kiosks",
    "anjungan_rebirths_total": "rebirths asked for",
    "anjungan_batches_total": "transactions that stored messages",
    "anjungan_batch_messages_total": "messages in those transactions",
    "anjungan_batch_messages_last": "messages in the last transaction",
    "anjungan_commit_seconds_total": "seconds spent deciding and storing",
    "anjungan_commit_seconds_last": "seconds the last transaction took",
    "anjungan_commit_failures_total": "transactions that failed and were tried again",
    "anjungan_deaf_seconds_total": "seconds in which the office could not hear: broker or database",
    "anjungan_clock_jumps_total": "times that the clock of the controller was set",
    "anjungan_commands_ended_total": "commands ended by their kiosk's word, by end",
    "anjungan_command_seconds_total": "seconds from when they could begin to that word, summed up",
    "anjungan_command_guesses_total": "commands given up by the office: overdue, silent",
    "anjungan_command_refused_total": "words of kiosks about commands that are not believed",
    "anjungan_commands_sent_total": "commands handed to the broker for the first time",
    "anjungan_commands_again_total": "commands said again for want of an answer",
    "anjungan_orders_total": "batches of orders signed, also empty ones",
    "anjungan_desired_total": "kiosks told what releases they shall have",
    "anjungan_desired_believed_total": "releases believed to be in use, for want of a report",
    "anjungan_installs_total": "reports of how a release ended on a kiosk, by end",
    "anjungan_install_refused_total": "words of kiosks about releases that are not believed",
    "anjungan_policies_sent_total": "newer policies told to kiosks",
    "anjungan_bells_total": "bells heard: somebody asked for something",
    "anjungan_commands_open": "commands of its partitions that are waited for",
    "anjungan_leases": "partitions held",
    "anjungan_sessions_up": "sessions with the broker that are up",
    "anjungan_kiosks_in_mind": "kiosks loaded into memory",
    "anjungan_waiting_messages": "messages received and not yet stored",
    "anjungan_roll_calls_total": "roll calls, one a partition",
    "anjungan_lease_lost_total": "leases lost to another controller",
}


class Counters:
    def __init__(self) -> None:
        self._values: dict[str, dict[str, float]] = {name: {} for name in HELP}

    def add(self, name: str, amount: float = 1, labels: str = "") -> None:
        """Raises KeyError for a name that is not in HELP."""
        values = self._values[name]
        values[labels] = values.get(labels, 0) + amount

    def set(self, name: str, value: float) -> None:
        self._values[name][""] = value

    def merge(self, other: "Counters") -> None:
        """Add what another one counted: a batch counts apart until it is stored."""
        for name, values in other._values.items():  # noqa: SLF001 - of our own kind
            for labels, amount in values.items():
                self.add(name, amount, labels)

    def get(self, name: str, labels: str = "") -> float:
        return self._values[name].get(labels, 0)

    def snapshot(self) -> dict[str, dict[str, float]]:
        """{metric: {labels: value}}, every metric present."""
        return {name: dict(values) or {"": 0} for name, values in self._values.items()}
