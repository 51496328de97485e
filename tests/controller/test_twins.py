"""Two machines with one identity are found; one honest machine never is."""

from hypothesis import given
from hypothesis import strategies as st

from controller.twins import KEPT, Boot, see
from tests.support.office import Teller
from wire.messages import Birth


class Machine:
    """One copy of a kiosk's disk: it counts its births, and its kernel names each boot."""

    def __init__(self, name: str, births: int = 0, epoch: str = "00000000000000aa") -> None:
        self._name, self._boots = name, 0
        self.teller = Teller("kiosk-1", epoch)
        self.teller.births = births

    def reboot(self) -> Birth:
        self._boots += 1
        return self.connect()

    def connect(self) -> Birth:
        return self.teller.birth(boot_id=f"{self._name}-{self._boots}")

    def again(self) -> Birth:
        """Asked by the office, without a new connection."""
        return self.teller.birth(boot_id=f"{self._name}-{self._boots}", again=True)


def watch(*births: Birth) -> list[str]:
    boots: tuple[Boot, ...] = ()
    found = []
    for birth in births:
        boots, twin = see(boots, birth, 0)
        found.append(twin)
    return found


def test_row_42_a_copy_is_found_when_the_first_machine_comes_back() -> None:
    ours = Machine("ours")
    births = [ours.reboot(), ours.connect()]
    copy = Machine("copy", births=ours.teller.births)
    found = watch(*births, copy.reboot(), ours.connect())
    assert found[:-1] == ["", "", ""]
    assert found[-1] == "boot ours-1 came back after boot copy-1"


def test_row_42_a_stolen_key_with_a_memory_of_its_own_is_found_too() -> None:
    ours, thief = Machine("ours"), Machine("thief", epoch="00000000000000bb")
    assert any(watch(ours.reboot(), thief.reboot(), ours.connect()))


def test_the_memory_is_emptied_so_that_ours_can_be_let_in_again() -> None:
    ours = Machine("ours")
    first = ours.reboot()
    copy = Machine("copy", births=1)
    assert watch(first, copy.reboot(), ours.connect(), ours.connect())[-1] == ""


def test_a_disk_put_back_once_is_no_copy() -> None:
    ours = Machine("ours")
    births = [ours.reboot() for _ in range(9)]
    restored = Machine("restored", births=3)
    assert not any(watch(*births, restored.reboot(), restored.connect(), restored.reboot()))


def test_without_boot_ids_nothing_is_concluded() -> None:
    kiosk = Teller("kiosk-1")
    assert not any(watch(*(kiosk.birth(boot_id="") for _ in range(5))))
    assert see((), kiosk.birth(boot_id=""), 0).boots == ()


STEPS = st.lists(st.sampled_from(["reboot", "connect", "again", "wiped", "brought"]), max_size=40)


@given(STEPS, st.data())
def test_an_honest_kiosk_is_never_taken_for_two(steps: list[str], data: st.DataObject) -> None:
    """Whatever it does, and whatever the broker brings a second time."""
    ours = Machine("ours")
    births = [ours.reboot()]
    for step in steps:
        if step == "brought":
            start = data.draw(st.integers(0, len(births) - 1))
            births += births[start:]
        elif step == "wiped":
            fresh = Machine("ours", epoch=f"{len(births):016x}")
            fresh._boots = ours._boots
            ours = fresh
            births.append(ours.reboot())
        else:
            births.append(getattr(ours, step)())
    assert not any(watch(*births))


@given(st.integers(0, 50))
def test_no_more_is_remembered_than_needed(reboots: int) -> None:
    ours = Machine("ours")
    boots: tuple[Boot, ...] = ()
    for _ in range(reboots):
        boots = see(boots, ours.reboot(), 0).boots
    assert len(boots) == min(reboots, KEPT)
