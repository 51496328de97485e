// One stream a page. The server says what changed; every region that cares asks for itself anew:
// an element with data-live="topic ..." gets a `live` event, which htmx turns into a request.
// data-only="7" cares for kiosk 7 alone; data-pace is the least time between two requests in ms;
// data-poll asks even in silence, for what no change announces. A hidden page asks nothing.
"use strict";
(() => {
  const light = document.getElementById("live");
  const waiting = new WeakMap(); // region -> { at, timer, busy }
  let stale = false;
  let leaving = false;
  let lost = 0;

  function regions() {
    return document.querySelectorAll("[data-live]");
  }

  function cares(region, news) {
    if (news.resync) return true;
    if (!region.dataset.live.split(" ").some((topic) => news.topics.includes(topic))) return false;
    if (region.dataset.only && news.kiosks) return news.kiosks.includes(Number(region.dataset.only));
    return true;
  }

  function state(region) {
    if (!waiting.has(region)) waiting.set(region, { at: -1e9, timer: 0, busy: false, again: false });
    return waiting.get(region);
  }

  function ask(region) {
    const now = performance.now();
    const one = state(region);
    if (one.busy) {
      one.again = true;
      return;
    }
    if (one.timer) return;
    const rest = one.at + Number(region.dataset.pace || 500) - now;
    one.timer = setTimeout(() => {
      one.timer = 0;
      if (!region.isConnected) return;
      one.at = performance.now();
      one.busy = true;
      htmx.trigger(region, "live");
    }, Math.max(0, rest));
  }

  function done(event) {
    const region = event.target.closest && event.target.closest("[data-live]");
    if (!region || !waiting.has(region)) return;
    const one = state(region);
    one.busy = false;
    if (one.again) {
      one.again = false;
      ask(region);
    }
  }

  // An answer to a question of before the filter changed must not replace what the filter found.
  function late(event) {
    const { elt, verb } = event.detail.requestConfig;
    if (verb !== "get" || elt.getAttribute("hx-get") !== "") return;
    const asked = new URL(event.detail.pathInfo.requestPath, location.href);
    if (asked.pathname + asked.search === location.pathname + location.search) return;
    event.detail.shouldSwap = false;
    ask(elt);
  }

  // A region that asked just before the person logged out is told to log in: the page is going already.
  function gone(event) {
    if (leaving) event.preventDefault();
  }

  function hear(news) {
    if (document.hidden) {
      stale = true;
      return;
    }
    for (const region of regions()) if (cares(region, news)) ask(region);
    document.dispatchEvent(new CustomEvent("news", { detail: news }));
  }

  function show(word) {
    light.dataset.liveState = word;
  }

  const everything = { topics: [], kiosks: null, resync: true };
  document.addEventListener("htmx:afterRequest", done);
  document.addEventListener("htmx:beforeSwap", late);
  document.addEventListener("htmx:beforeOnLoad", gone);
  document.addEventListener("submit", (event) => (leaving ||= event.target.matches("[action='/logout']")));
  document.addEventListener("refresh", () => hear(everything));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !stale) return;
    stale = false;
    hear(everything);
  });
  // Not before: htmx hears nothing until then, and a region that asked in vain would wait for ever.
  document.addEventListener("DOMContentLoaded", () => {
    for (const region of regions()) {
      if (region.dataset.poll) setInterval(() => document.hidden || ask(region), Number(region.dataset.poll));
    }
    const stream = new EventSource(`/live?since=${encodeURIComponent(document.body.dataset.cursor)}`);
    stream.addEventListener("open", () => {
      clearTimeout(lost);
      show("on");
    });
    stream.addEventListener("error", () => {
      clearTimeout(lost);
      lost = setTimeout(() => show("off"), 1500);
    });
    stream.addEventListener("news", (event) => hear(JSON.parse(event.data)));
    // A page kept by the browser's back button must not hold a connection it cannot hear.
    addEventListener("pagehide", () => stream.close());
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  });
})();
