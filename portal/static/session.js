// Words between the page and the portal on this kiosk: is somebody at it, is it open at all, and is
// what it shows still the release in use.
//
// A page that holds something of a citizen's says so by <html data-session="open"> and takes it away
// (or says "closed") when that is gone from the screen. The portal keeps the last word, nothing else:
// when the page hangs, that decides whether a technician may have a picture of it, and whether a new
// release may be shown. "open" counts for two minutes, so it is said again every half of one.
"use strict";

const root = document.documentElement;
const EVERY = 2000;
const AGAIN = 30000;
const shows = root.dataset.maintenance === "on";

const isOpen = () => root.dataset.session === "open";

function tell() {
  // keepalive: said also by a page that is just being left
  fetch(isOpen() ? "/session/open" : "/session/closed", { method: "POST", keepalive: true })
    .catch(() => {});
}

async function look() {
  try {
    const health = await (await fetch("/healthz")).json();
    // Nobody's work is taken away: a citizen in the middle of something sees the notice afterwards.
    const other = health.maintenance !== shows || String(health.content_shown) !== root.dataset.release;
    if (other && !isOpen()) location.replace("/");
    if ((health.session === "open") !== isOpen()) tell();
  } catch { /* the portal is starting anew; it is asked again */ }
  setTimeout(look, EVERY);
}

new MutationObserver(tell).observe(root, { attributeFilter: ["data-session"] });
setInterval(() => { if (isOpen()) tell(); }, AGAIN);
tell();
look();
