"""Threads for looks: reused when free, left behind when a device keeps them."""

import threading
from queue import SimpleQueue

from agent.runners import Look, Runners
from tests.agent.probe import Gate, SaidProbe
from tests.support.wait import until


def test_looks_one_after_another_share_a_thread() -> None:
    done: SimpleQueue[Look | None] = SimpleQueue()
    names = set()
    runners = Runners(done)
    probe = SaidProbe(say=lambda: names.add(threading.get_ident()))
    for _ in range(5):
        look = runners.begin(probe)
        assert done.get(timeout=20) is look
    assert len(names) == 1
    runners.close()


def test_a_hung_look_keeps_its_thread_and_the_next_takes_another() -> None:
    done: SimpleQueue[Look | None] = SimpleQueue()
    before = set(threading.enumerate())
    gate, runners = Gate(), Runners(done)
    hung = runners.begin(SaidProbe(say=gate))
    quick = runners.begin(SaidProbe())
    assert done.get(timeout=20) is quick
    gate.let_go()
    assert done.get(timeout=20) is hung
    runners.close()
    ours = {one for one in threading.enumerate() if one.name == "look"} - before
    until(lambda: not any(one.is_alive() for one in ours), 10)
