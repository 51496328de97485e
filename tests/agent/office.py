"""A model office and a model broker: what the kiosk's conversation is held against.

The office keeps the rules of the protocol and nothing else: facts by number, order by
(birth, seq), acknowledgements after storing. The broker keeps order, and may lose everything.
"""

from collections import deque

from wire.messages import Ack, Birth, Death, Down, Flip, Observation, Reading, Rebirth, Result, Up


class ModelBroker:
    """At most in order; `crash` loses what it had taken."""

    def __init__(self) -> None:
        self.up: deque[Up] = deque()
        self.down: deque[Down] = deque()

    def crash(self) -> None:
        self.up.clear()
        self.down.clear()


class ModelOffice:
    """`facts` is every flip stored, as (epoch, number, observation), in the order of storing."""

    def __init__(self) -> None:
        self.facts: list[tuple[str, int, Observation]] = []
        self.picture: dict[str, Observation] = {}
        self.lost_facts = 0
        self.stale = 0
        self.epoch = ""
        self._birth = -1
        self._seq = -1
        self._upto: dict[str, int] = {}

    def hear(self, message: Up) -> list[Down]:
        if isinstance(message, Death):
            return []
        if isinstance(message, Birth):
            return self._born(message)
        if (message.epoch, message.birth) != (self.epoch, self._birth):
            self.stale += 1
            return [Rebirth()] if message.epoch != self.epoch else []
        answers: list[Down] = []
        if isinstance(message, Flip | Result):
            answers.append(self._store(message))
        if message.seq <= self._seq:
            self.stale += 1
            return answers
        if message.seq > self._seq + 1:
            answers.append(Rebirth())
        self._seq = message.seq
        if isinstance(message, Reading):
            self.picture |= {seen.probe: seen for seen in message.observations}
        return answers

    def _born(self, birth: Birth) -> list[Down]:
        if birth.epoch == self.epoch and (birth.birth, birth.seq) <= (self._birth, self._seq):
            self.stale += 1
            return []
        self.epoch, self._birth, self._seq = birth.epoch, birth.birth, birth.seq
        upto = self._upto.get(birth.epoch, birth.oldest_fact - 1)
        self.lost_facts += max(0, birth.oldest_fact - 1 - upto)
        self._upto[birth.epoch] = max(upto, birth.oldest_fact - 1)
        return []

    def _store(self, fact: Flip | Result) -> Down:
        upto = self._upto[fact.epoch]
        if fact.fact == upto + 1:
            if isinstance(fact, Flip):
                self.facts.append((fact.epoch, fact.fact, fact.observation))
            self._upto[fact.epoch] = upto = fact.fact
        return Ack(epoch=fact.epoch, upto=upto)
