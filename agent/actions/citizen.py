"""Is a citizen in the middle of something at this kiosk? Asked before a picture or a restart.

A page says it by `<html data-session="open">`, and whatever a form holds that it did not hold at
first says it too. Reads that something is there, never what. Cannot tell is its own answer: what
may be done then is the caller's decision.
"""

import json
from typing import Final

from agent.actions.base import Context, Failed
from agent.actions.page import Gone, Place, Said, Silent, session
from agent.probes import plain_http

HOST: Final = "127.0.0.1"
PATIENCE_S: Final = 2.0
POLITE_S: Final = 2.0  # between two looks while one waits for a citizen to finish
BUSY: Final = """(() => {
  const touched = (root) => {
    for (const field of root.querySelectorAll("input, textarea, select, [contenteditable]")) {
      if (field.isContentEditable) {
        if (field.textContent.trim()) return true;
      } else if (field.tagName === "SELECT") {
        const options = [...field.options];
        const first = options.some((one) => one.defaultSelected) || field.multiple
          ? null : options.find((one) => !one.disabled);
        if (options.some((one) => one.selected !== (one === first || one.defaultSelected)))
          return true;
      } else if (field.type === "checkbox" || field.type === "radio") {
        if (field.checked !== field.defaultChecked) return true;
      } else if (field.type === "file") {
        if (field.files.length) return true;
      } else if (!["hidden", "submit", "button", "reset", "image", "range"].includes(field.type)) {
        if (field.value !== field.defaultValue) return true;
      }
    }
    for (const one of root.querySelectorAll("*")) {
      if (one.shadowRoot && touched(one.shadowRoot)) return true;
      if (one.tagName === "IFRAME") {
        let inner = null;
        try { inner = one.contentDocument; } catch { return true; }
        if (!inner || touched(inner)) return true;
      }
    }
    return root.documentElement?.dataset.session === "open";
  };
  return touched(document);
})()"""
"""A frame that cannot be looked into counts as one in which somebody writes."""


def busy(place: Place) -> bool | None:
    """Whether somebody is at it; None when the page does not say. Raises Gone."""
    try:
        with session(place, PATIENCE_S) as talk:
            answer = talk.evaluate(BUSY, PATIENCE_S)
    except (Silent, Said):
        return None
    return answer if isinstance(answer, bool) else None


def last_known(context: Context) -> bool | None:
    """What the portal heard last from its page, for when the page itself says nothing any more."""
    options = context.watched("portal")
    if options is None or "port" not in options:
        return None
    try:
        answer = plain_http.get(HOST, int(options["port"]), "/healthz", PATIENCE_S)
        session = json.loads(answer.body)["session"]
    except (OSError, plain_http.NotHttp, ValueError, KeyError, TypeError):
        return None
    return {"open": True, "closed": False}.get(session) if isinstance(session, str) else None


def let_finish(context: Context, place: Place, within_s: float) -> None:
    """Waits a moment for a citizen to finish. Raises Failed `citizen` when that is not enough.

    A page that hangs or a browser that is gone keeps nobody's work: then it goes on.
    """
    waited_s = 0.0
    while _is_busy(place):
        if waited_s >= within_s:
            raise Failed("citizen", "a citizen is using this kiosk: try again later")
        context.progress(0, "a citizen is using this kiosk: waiting")
        context.stop.wait(POLITE_S)
        waited_s += POLITE_S


def _is_busy(place: Place) -> bool:
    try:
        return busy(place) is True
    except Gone:
        return False
