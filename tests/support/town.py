"""An office, whoever asks for things, and kiosks that take them: what is said arrives at once."""

from controller.commands import turns
from controller.commands.orders import Signer
from controller.dispatch import Outgoing
from controller.store.command_tables import command
from controller.store.engine import writing
from tests.support.office import Office
from tests.support.signing import Ceremony
from tests.support.taker import Bureau, heard
from tests.support.wisher import Wisher
from wire.messages import Up


class Town:
    """An office, whoever asks for things, and kiosks; what is said arrives at once."""

    def __init__(self, url: str, *names: str) -> None:
        self.keys = Ceremony("adi", "budi")
        self.office = Office(url, *names, signer=Signer(self.keys.office))
        self.bureau = Bureau(self.office.engine, self.keys)
        self.kiosks = {name: Wisher(name, self.bureau.policy) for name in names}

    def __getitem__(self, name: str) -> Wisher:
        return self.kiosks[name]

    def comes(self, *names: str) -> None:
        for name in names:
            self.hears(name, self[name].born())

    def hears(self, name: str, said: list[Up]) -> None:
        """The office hears, and the kiosk hears its answers, until nobody has more to say."""
        while said:
            self[name].now = self.office.now
            done = self.office.take(self[name], *said)
            said = self.bring([*done.mail, *self.office.greet(done).mail])

    def bring(self, mail: list[Outgoing]) -> list[Up]:
        said: list[Up] = []
        for out in mail:
            name = out.topic.split("/")[3]
            said += self[name].hear(heard(out.topic, out.payload))
        return said

    def looks(self, *, lost: bool = False) -> int:
        """How many messages the desk of commands sends; they arrive, unless they are `lost`."""
        return self._sends(self.office.look().mail, lost=lost)

    def wishes(self, *, lost: bool = False) -> int:
        """As `looks`, of the desk of releases."""
        return self._sends(self.office.rollouts.look(self.office.leases.held).mail, lost=lost)

    def _sends(self, mail: list[Outgoing], *, lost: bool) -> int:
        for out in [] if lost else mail:
            name = out.topic.split("/")[3]
            self.hears(name, self.bring([out]))
        return len(mail)

    def cancels(self, job_id: int) -> None:
        with writing(self.office.engine) as conn:
            turns.cancel(conn, command.c.job_id == job_id, "adi", self.office.now)

    def passes(self, ms: int) -> None:
        self.office.now += ms
        for kiosk in self.kiosks.values():
            kiosk.now = self.office.now
