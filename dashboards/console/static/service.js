// The form of a service pack: the preview follows what is typed, and nothing typed is left unsaved
// without a word. Without this script every button still does what it says.
"use strict";

(() => {
  const form = document.getElementById("pack");
  if (!form) return;
  const pages = [...document.querySelectorAll("[data-preview]")];
  const unsaved = document.getElementById("unsaved");
  const WAIT_MS = 700;
  let chosen = pages.find((one) => one.hasAttribute("data-first"));
  let timer = 0;
  let changed = false;

  function choose(button) {
    chosen = button;
    for (const one of pages) one.setAttribute("aria-pressed", String(one === button));
  }

  function show() {
    if (chosen) form.requestSubmit(chosen);
  }

  function typed() {
    changed = true;
    unsaved.textContent = unsaved.dataset.text;
    clearTimeout(timer);
    timer = setTimeout(show, WAIT_MS);
  }

  for (const one of pages) one.addEventListener("click", () => choose(one));
  if (chosen) choose(chosen);
  form.addEventListener("input", typed);
  form.addEventListener("submit", (event) => {
    if (!event.submitter?.hasAttribute("data-preview")) changed = false;
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
})();
