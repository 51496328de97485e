// Puts a new picture of a live region over the old one, changing only what differs: focus, the
// cursor in a field, scroll, open details and checked boxes stay. Elements are matched by id, else
// by place. An element with data-row whose data-mark changed flashes softly; one with data-own holds
// what the page itself has said there, and is left alone as long as it stands.
"use strict";
(() => {
  const KEEP = new Set(["value", "checked", "selected", "open"]);

  function sameKind(a, b) {
    return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id || "") === (b.id || "");
  }

  function attributes(old, fresh) {
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !KEEP.has(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) !== value && !(KEEP.has(name) && isField(old))) old.setAttribute(name, value);
    }
  }

  function isField(element) {
    return /^(INPUT|SELECT|TEXTAREA|DETAILS|OPTION)$/.test(element.nodeName);
  }

  function flash(element, name) {
    element.classList.remove(name);
    requestAnimationFrame(() => element.classList.add(name));
    element.addEventListener("animationend", () => element.classList.remove(name), { once: true });
  }

  function note(old, fresh) {
    if (!fresh.hasAttribute("data-row") || old.getAttribute("data-mark") === fresh.getAttribute("data-mark")) return null;
    return fresh.nodeName === "B" || fresh.classList.contains("badge") ? "bump" : "flash";
  }

  function element(old, fresh) {
    if (old.hasAttribute("data-own") && fresh.hasAttribute("data-own")) return;
    const effect = note(old, fresh);
    const running = old.classList.contains("flash") ? "flash" : null;
    attributes(old, fresh);
    if (running && !effect) old.classList.add(running);
    if (old.nodeName !== "TEXTAREA") children(old, fresh); // what stands in one is a person's, as in other fields
    if (effect) flash(old, effect);
    if (effect && old.nodeName === "DETAILS" && !old.classList.contains("is-ok")) old.open = true;
    if (old.type === "checkbox" && old.disabled) old.checked = false; // somebody else took it on
  }

  function node(old, fresh) {
    if (old.nodeType === Node.ELEMENT_NODE) element(old, fresh);
    else if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
  }

  function children(old, fresh) {
    const known = new Map();
    for (const child of old.children) if (child.id) known.set(child.id, child);
    const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      while (at && at.id && !wanted.has(at.id)) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
      }
      let match = next.id ? known.get(next.id) : null;
      if (!match && at && sameKind(at, next)) match = at;
      if (match && sameKind(match, next)) {
        if (match !== at) old.insertBefore(match, at);
        node(match, next);
        at = match.nextSibling;
      } else {
        const made = document.importNode(next, true);
        old.insertBefore(made, at);
        if (made.nodeType === Node.ELEMENT_NODE) {
          htmx.process(made);
          if (made.hasAttribute("data-row")) flash(made, "flash");
        }
      }
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  }

  htmx.defineExtension("morph", {
    isInlineSwap: (style) => style === "morph",
    handleSwap(style, target, fragment) {
      if (style !== "morph") return false;
      const fresh = fragment.firstElementChild;
      if (!fresh || fresh.id !== target.id) return false;
      const focused = document.activeElement;
      element(target, fresh);
      // A row that moved to another place lost the focus on its way.
      if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
      htmx.process(target);
      document.dispatchEvent(new CustomEvent("morphed", { detail: target }));
      return [target];
    },
  });
})();
