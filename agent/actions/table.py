"""The visible table of actions: kind -> module. To add one: write its file, add one line.

A module is imported only when its command comes. Kinds of INSIDE are done by the agent itself.
"""

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Final

INSIDE: Final = ("noop", "restart_agent", "set_log_level")
ACTIONS: Final[Mapping[str, str]] = {
    "reload_page": "agent.actions.reload_page",
    "restart_browser": "agent.actions.restart_browser",
    "reboot": "agent.actions.reboot",
    "screenshot": "agent.actions.screenshot",
    "test_print": "agent.actions.test_print",
    "clear_queue": "agent.actions.clear_queue",
    "resume_queue": "agent.actions.resume_queue",
    "identify": "agent.actions.identify",
    "set_volume": "agent.actions.set_volume",
    "set_brightness": "agent.actions.set_brightness",
    "screen": "agent.actions.screen",
    "maintenance": "agent.actions.maintenance",
    "collect_logs": "agent.actions.collect_logs",
    "self_test": "agent.actions.self_test",
    "check_network": "agent.actions.check_network",
    "measure_speed": "agent.actions.measure_speed",
    "rotate_key": "agent.actions.rotate_key",
    "wipe": "agent.actions.wipe",
}


def load(kind: str) -> ModuleType | None:
    """The module of that kind, None when it is not ours."""
    return import_module(ACTIONS[kind]) if kind in ACTIONS else None
