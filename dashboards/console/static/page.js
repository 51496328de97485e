// Small comforts of every page: ages that grow, keys, the theme, help, picking rows, a toast.
"use strict";
(() => {
  const words = new Map(document.body.dataset.words.split("|").map((pair) => {
    const cut = pair.indexOf("=");
    return [pair.slice(0, cut), pair.slice(cut + 1)];
  }));
  const skew = Number(document.body.dataset.now) - Date.now(); // a phone's clock may be wrong
  const UNITS = [["days", 86400], ["hours", 3600], ["minutes", 60]];
  const say = (key, field, value) => words.get(key).replace(`{${field}}`, value);

  function span(seconds) {
    for (const [n, [unit, size]] of UNITS.entries()) {
      if (seconds < size) continue;
      const many = Math.floor(seconds / size);
      const first = say(`age.${unit}`, "n", many);
      const lower = UNITS[n + 1];
      if (many >= 10 || !lower || seconds % size < lower[1]) return first;
      return `${first} ${say(`age.${lower[0]}`, "n", Math.floor((seconds % size) / lower[1]))}`;
    }
    return say("age.seconds", "n", Math.floor(seconds));
  }

  function ages() {
    const now = Date.now() + skew;
    for (const time of document.querySelectorAll("time[data-ago], time[data-age]")) {
      const seconds = Math.max(0, (now - Date.parse(time.dateTime)) / 1000);
      const text = "age" in time.dataset ? span(seconds) : seconds < 10 ? words.get("age.now") : say("age.ago", "span", span(seconds));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  // Rows: j and k walk the links that stand for rows.
  function rows() {
    return [...document.querySelectorAll(".row-link, main .take-row")];
  }

  function walk(by) {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(document.activeElement);
    const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, here + by));
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  function take() {
    const row = document.activeElement.closest("[data-row]");
    const button = row && row.querySelector('button[name="one"]');
    if (button) button.click();
  }

  const help = document.getElementById("help");
  const GO = { s: "/", k: "/kiosks", g: "/faults", t: "/jobs", r: "/releases" };
  let leader = -1e9; // when g was pressed

  function typing(target) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(target.nodeName) && !/^(checkbox|radio)$/.test(target.type);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (performance.now() - leader < 1200 && GO[event.key]) {
      location.assign(GO[event.key]);
      return;
    }
    const search = document.querySelector("[data-search]");
    const keys = {
      j: () => walk(1), k: () => walk(-1), t: take, "?": () => help.showModal(),
      "/": () => (search ? search.focus() : location.assign("/kiosks#q")),
      g: () => { leader = performance.now(); },
    };
    if (!keys[event.key]) return;
    if (event.key !== "g") leader = -1e9;
    event.preventDefault();
    keys[event.key]();
  });
  document.getElementById("help-open").addEventListener("click", () => help.showModal());
  if (location.hash === "#q") document.getElementById("q")?.focus();

  // The theme changes at once; the cookie is set by the form's own answer in the background.
  document.getElementById("theme-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    const said = new URLSearchParams({ theme: root.dataset.theme, next: "/", csrf: event.target.elements.csrf?.value ?? "" });
    fetch("/preferences", { method: "POST", body: said, redirect: "manual" });
    document.dispatchEvent(new CustomEvent("themed"));
  });

  // Picking rows for the bulk button.
  function picks() {
    return [...document.querySelectorAll('input:is([name="fault"], [name="pick"]):not(:disabled)')];
  }
  function count() {
    const picked = picks().filter((box) => box.checked).length;
    for (const sign of document.querySelectorAll("[data-picked]")) sign.textContent = picked ? `(${picked})` : "";
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) for (const box of picks()) box.checked = event.target.checked;
    count();
  });

  const toast = document.getElementById("toast");
  function complain() {
    toast.textContent = words.get("toast.failed");
    toast.classList.remove("hidden");
    setTimeout(() => toast.classList.add("hidden"), 6000);
  }
  for (const kind of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(kind, (event) => event.detail.requestConfig.verb === "post" && complain());
  }
  // Buttons outside their form: htmx sends the form without them.
  let pressed = null;
  document.addEventListener("submit", (event) => { pressed = event.submitter; }, true);
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.elt.id === "ack" && pressed && pressed.name) event.detail.parameters[pressed.name] = pressed.value;
  });
  // A name is needed before a fault is taken on: show where.
  document.addEventListener("invalid", (event) => event.target.scrollIntoView({ block: "center" }), true);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (event.detail.successful && form.matches(".note-form")) form.reset();
  });
  // On a phone a device that works is one line until it is tapped.
  if (matchMedia("(max-width: 520px)").matches) {
    for (const device of document.querySelectorAll("details.device.is-ok")) device.open = false;
  }
  // A new page of a list begins at its top.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-top]")) document.getElementById("list").scrollIntoView();
  });

  document.addEventListener("morphed", () => { ages(); count(); });
  setInterval(ages, 5000);
})();
