// From page to page without loading again what stays: head, foot, keys and dialogs.
//
// It fetches where a link or a form leads, and puts the new <main> in the place of the old one, with
// what <html> and <body> say of it. A page of another frame (language, taste, release, scripts of its
// own) is loaded whole, and so is whatever this script cannot read. The end of a citizen's turn is
// never exchanged: it must take the browser's whole memory of the pages with it.
//
// Each script of a page runs once and hears of every page by two events of the document: "leave"
// (the page in <main> goes: be silent, let go of its fields) and "arrive" (another one is there). Only
// by these may a script follow; listeners on what stands in <main> would be lost or pile up.
//
// Nothing is added to the history: going back leads to no page of anybody's.
"use strict";

(() => {
  const SIGN_MS = 300; // until then nobody thinks that the touch was lost
  const AGAIN_MS = 1000;
  const PATIENCE_MS = 60000; // the office is asked and paper printed in less
  const END = "/selesai";
  const root = document.documentElement;
  const own = frame(document); // as it came; scripts that are fetched later do not count
  let onTheWay = false;
  let pictures = false; // whether they stand in this document

  function frame(page) {
    const html = page.documentElement;
    const sources = [...page.querySelectorAll("head script")].map((one) => one.getAttribute("src"));
    const sheets = [...page.querySelectorAll("head link[rel=stylesheet]")].map((one) => one.getAttribute("href").split("?v=")[0]);
    const { release, offset } = html.dataset;
    return { same: [html.lang, html.className, release, offset, ...sources].join(), sheets };
  }

  function fits(page) {
    const { same, sheets } = frame(page);
    return same === own.same && sheets.every((one) => own.sheets.includes(one));
  }

  function wait() {
    onTheWay = true;
    return setTimeout(() => document.body.classList.add("busy"), SIGN_MS);
  }

  async function go(address, body) {
    if (onTheWay) return; // a second tap is the same wish
    const sign = wait();
    // What was sent is not sent again: if nobody knows what became of it, this page comes anew.
    let instead = body ? location.href : address;
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await fetch(address, { method: body ? "POST" : "GET", body, signal });
      if (answer.redirected) instead = answer.url;
      const page = await read(answer);
      if (page && (answer.ok || body) && fits(page)) {
        clearTimeout(sign);
        show(page, answer.url);
        onTheWay = false;
        return;
      }
    } catch { /* the portal is away, or starts anew */ }
    await portal();
    location.replace(instead);
  }

  // Until it answers. It knows nobody any more when it has started anew, so nothing of anybody's is
  // left on the screen meanwhile; the browser's own error page would stay there for good.
  async function portal() {
    while (!(await fetch("/healthz").catch(() => null))) {
      document.querySelector("main").replaceChildren();
      await new Promise((done) => { setTimeout(done, AGAIN_MS); });
    }
  }

  async function read(answer) {
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) return null;
    const text = await answer.text();
    const drawn = pictures ? text.replaceAll('"/pictures.svg#', '"#picture-') : text;
    return new DOMParser().parseFromString(drawn, "text/html");
  }

  // Pictures out of another file come a moment later, and the page is laid out a second time.
  async function bringPictures() {
    const text = await (await fetch("/pictures.svg")).text();
    const named = text.replaceAll(' id="', ' id="picture-').replaceAll('href="#', 'href="#picture-');
    const sheet = new DOMParser().parseFromString(named, "image/svg+xml").documentElement;
    sheet.setAttribute("hidden", "");
    document.body.append(sheet);
    pictures = true;
  }

  function show(page, url) {
    document.dispatchEvent(new Event("leave"));
    const main = page.querySelector("main");
    document.querySelector("main").replaceWith(main);
    document.title = page.title;
    document.body.className = page.body.className;
    become(page.documentElement);
    const { value } = page.querySelector("footer [name=to]");
    for (const back of document.querySelectorAll("footer [name=to]")) back.value = value;
    tell(main);
    history.replaceState(null, "", url);
    document.dispatchEvent(new Event("arrive"));
  }

  // A word that is said again would be heard as news by whoever watches it.
  function become(html) {
    for (const { name } of [...root.attributes]) if (!html.hasAttribute(name)) root.removeAttribute(name);
    for (const { name, value } of html.attributes) if (root.getAttribute(name) !== value) root.setAttribute(name, value);
  }

  // Who reads by ear stands at the heading of the new page, and hears first what was wrong.
  function tell(main) {
    const heading = main.querySelector("h1");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    document.getElementById("said").textContent = main.querySelector(".error")?.textContent ?? document.title;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.origin !== location.origin) return;
    event.preventDefault(); // with any key held: there is no second window
    go(link.href);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const to = new URL(form.getAttribute("action") ?? "", location.href);
    if (event.defaultPrevented || to.origin !== location.origin) return;
    event.preventDefault();
    if (to.pathname === END) { // by the browser itself, whatever else is on the way
      wait();
      history.replaceState(null, "", "/");
      portal().then(() => document.getElementById("end").submit());
      return;
    }
    const said = new URLSearchParams(new FormData(form, event.submitter));
    if (form.closest("footer")) anew(to.href, said, form.elements.to.value);
    else if (form.getAttribute("method") === "post") go(to.href, said);
    else go(`${to.pathname}?${said}`);
  });

  // Another language, another size: the same page whole. What stands in its fields goes along, and
  // the foot's own fields come last.
  async function anew(address, said, page) {
    if (onTheWay) return;
    wait();
    const typed = document.querySelector("main form.questions");
    const body = new URLSearchParams([...(typed ? new FormData(typed) : []), ...said]);
    await fetch(address, { method: "POST", body, redirect: "manual" }).catch(() => {});
    await portal();
    location.replace(page);
  }

  bringPictures().catch(() => {});
})();
