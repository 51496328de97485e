"""A model office and a model broker: what the kiosk's conversation is held against.

The office keeps the rules of the protocol and nothing else: facts by number, order by
(birth, seq), acknowledgements after storing. The broker keeps order, and may lose everything.
"""

from collections import deque

from wire.messages import Ack, Birth, Death, Down, Flip, Observation, Reading, Rebirth, Up


class ModelBroker:
    """At most in order; `crash` loses what it had taken."""

    def __init__(self) -> None:
        self.up: deque[Up] = deque()
        self.down: deque[Down] = deque()

    def crash(self) -> None:
        self.up.clear()
        self.down.clear()


class ModelOffice:
    """`facts` is every fact stored, as (epoch, number, observation), in the order of storing."""

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
        if isinstance(message, Flip):
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

    def _store(self, flip: Flip) -> Down:
        upto = self._upto[flip.epoch]
        if flip.fact == upto + 1:
            self.facts.append((flip.epoch, flip.fact, flip.observation))
            self._upto[flip.epoch] = upto = flip.fact
        return Ack(epoch=flip.epoch, upto=upto)
