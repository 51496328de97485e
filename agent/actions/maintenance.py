"""Tell citizens that this kiosk is being looked after, or that it is open again.

Owns one small file that the portal reads; it outlives a restart and a power cut on purpose. Proof:
the portal itself says that it shows it, where the kiosk has one.
"""

import json
import time
from pathlib import Path
from typing import Final

from agent import disk
from agent.actions.base import Context, Failed, Outcome, done
from agent.probes import plain_http
from agent.probes.base import Facts
from wire.actions import Maintenance

FILE: Final = "maintenance.json"
SHOWN_WITHIN_S: Final = 5.0
EVERYBODY: Final = 0o644


def do(context: Context) -> Outcome:
    args = context.args(Maintenance)
    file = file_of(context)
    before = _read(file)
    context.note_undo(before)
    since = _since(before) or time.time_ns() // 1_000_000
    text = json.dumps({"since": since, "why": args.why}) if args.on else ""
    facts: Facts = {"on": args.on, "since": since if args.on else 0, "was_on": bool(before)}
    with context.stop.too_late("citizens see it already"):
        _put(file, text)
        return done(facts | _shown(context, on=args.on))


def undo(context: Context) -> Outcome:
    before = context.asked.undo
    _put(file_of(context), before)
    return done({"on": bool(before)} | _shown(context, on=bool(before)))


def file_of(context: Context) -> Path:
    """In the folder that the portal reads."""
    return Path(context.option("folder", str, str(context.state_dir))) / FILE


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")[:2000]
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def _since(text: str) -> int:
    try:
        since = json.loads(text)["since"]
    except (ValueError, KeyError, TypeError):
        return 0
    return since if type(since) is int else 0


def _put(file: Path, text: str) -> None:
    if text:
        disk.write(file, text.encode(), EVERYBODY)
    else:
        disk.remove(file)


def _shown(context: Context, *, on: bool) -> Facts:
    options = context.watched("portal")
    if options is None or "port" not in options:
        return {}
    port = int(options["port"])
    if not context.stop.until(lambda: _says(port) is on, SHOWN_WITHIN_S):
        raise Failed("not_shown", "the portal does not say so: is it running?", {"on": on})
    return {"portal": "says so"}


def _says(port: int) -> bool | None:
    try:
        answer = plain_http.get("127.0.0.1", port, "/healthz", 2.0)
        return bool(json.loads(answer.body)["maintenance"])
    except (OSError, plain_http.NotHttp, ValueError, KeyError, TypeError):
        return None
