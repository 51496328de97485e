"""What agent and portal have in common when a release of them comes."""

from agent.content.told import DONE
from tests.support.installing import Installer, program


def test_a_release_for_another_machine_is_never_switched_to(bare: Installer) -> None:
    bare.releases.publish("agent", 3, program("agent", 3, machine="riscv"))
    bare.want(3, "agent")
    assert bare.run().code == DONE
    report = bare.reports[-1]
    assert (report.state, report.code, report.now) == ("failed", "unfit", 0)
    assert bare.slots("agent").all() == ()


def test_a_tree_that_is_no_program_is_given_up(bare: Installer) -> None:
    bare.releases.publish("agent", 3, {"a.txt": b"no program"})
    bare.want(3, "agent")
    bare.run()
    assert (bare.reports[-1].state, bare.reports[-1].code) == ("failed", "unfit")
