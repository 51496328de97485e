"""Memory of a process tree, from a made-up /proc and from the real one."""

import os
from pathlib import Path

from agent.probes.process_memory import Memory, of_browser, of_tree


def process(proc: Path, pid: int, parent: int, *words: str, pss_kb: int | None = None) -> None:
    folder = proc / str(pid)
    folder.mkdir(parents=True)
    (folder / "stat").write_text(f"{pid} (a name) with ) brackets) S {parent} 1 1 0")
    (folder / "cmdline").write_bytes("\0".join(words).encode() + b"\0")
    if pss_kb is not None:
        (folder / "smaps_rollup").write_text(
            f"00-ff ---p\nRss: 999 kB\nPss: {pss_kb} kB\nPss_Anon: 7 kB\n"
        )


def browser(proc: Path) -> None:
    flag = "--remote-debugging-port=9222"
    process(proc, 1, 0, "init", pss_kb=5000)
    process(proc, 10, 1, "chromium", flag, pss_kb=102_400)
    process(proc, 11, 10, "chromium", "--type=renderer", flag, pss_kb=51_200)
    process(proc, 12, 11, "chromium", "--type=zygote", pss_kb=51_200)
    process(proc, 20, 1, "chromium", "--remote-debugging-port=9223", pss_kb=9)


def test_the_browser_is_found_by_its_port_and_its_whole_tree_added_up(tmp_path: Path) -> None:
    browser(tmp_path)
    assert of_browser(tmp_path, 9222) == Memory(processes=3, pss_mb=200)


def test_a_port_nobody_has_and_a_machine_without_processes_give_nothing(tmp_path: Path) -> None:
    browser(tmp_path)
    assert of_browser(tmp_path, 922) is None
    assert of_browser(tmp_path / "none", 9222) is None


def test_memory_one_may_not_see_is_none_and_the_processes_are_counted(tmp_path: Path) -> None:
    process(tmp_path, 10, 1, "chromium", "--remote-debugging-port=9222")
    assert of_browser(tmp_path, 9222) == Memory(processes=1, pss_mb=None)


def test_a_process_that_ends_while_one_looks_is_stepped_over(tmp_path: Path) -> None:
    browser(tmp_path)
    (tmp_path / "12" / "stat").unlink()
    (tmp_path / "11" / "smaps_rollup").unlink()
    assert of_browser(tmp_path, 9222) == Memory(processes=2, pss_mb=100)


def test_this_very_process_has_memory() -> None:
    memory = of_tree(Path("/proc"), str(os.getpid()))
    assert memory.processes >= 1
    assert memory.pss_mb is None or memory.pss_mb > 1
