// Two things that come from the office while a page stands: whether an officer comes, and who is
// served now. The portal is asked every second, and only while somebody may be waiting for it.
"use strict";

(() => {
  const EVERY = 1000;
  const dialog = document.getElementById("called");
  const button = document.getElementById("call");
  let standing = ""; // how the call stands
  let served = null; // what was shown last: the first answer is no news
  let timer = 0;

  const chime = (times) => document.dispatchEvent(new CustomEvent("chime", { detail: times }));
  const say = (text) => document.dispatchEvent(new CustomEvent("say", { detail: text })); // speech.js
  const board = () => document.querySelectorAll("[data-served]");

  function call(state) {
    if (state === standing) return;
    if (standing && state === "taken") chime(1);
    standing = state;
    button.dataset.call = state;
    for (const one of dialog.querySelectorAll("[data-when]")) {
      one.hidden = !one.dataset.when.split(" ").includes(state || "asking");
    }
    if (!state && dialog.open) dialog.close();
  }

  function show(rows) {
    const text = rows.map((one) => one.number).join(" ");
    for (const place of board()) {
      if (place.dataset.served !== text) draw(place, rows, text);
    }
    if (served !== null && text !== served && board().length) {
      const before = served.split(" ");
      const fresh = rows.filter((one) => !before.includes(one.number));
      if (fresh.length) chime(2);
      // Letter by letter: "A-012" is read as a word or a sum otherwise.
      for (const one of fresh) say(board()[0].dataset.says.replace("#", [...one.number.replace("-", "")].join(" ")));
    }
    served = text;
  }

  function draw(place, rows, text) {
    const list = place.querySelector("ul");
    place.dataset.served = text;
    place.hidden = rows.length === 0;
    list.replaceChildren(...rows.map((one) => {
      const line = document.createElement("li");
      for (const [tag, word] of [["b", one.number], ["span", one.name]]) {
        const part = document.createElement(tag);
        part.textContent = word;
        line.append(part);
      }
      return line;
    }));
  }

  async function look() {
    clearTimeout(timer);
    try {
      const said = await (await fetch("/panggil")).json();
      call(said.call);
      show(said.served);
    } catch { /* the portal starts anew, or this kiosk is being looked after */ }
    clearTimeout(timer); // of a look that began while this one waited, on another page
    if (standing || board().length) timer = setTimeout(look, EVERY);
  }

  button.addEventListener("click", async () => {
    dialog.showModal();
    chime(3);
    const page = location.pathname.split("/")[1] || "home";
    try {
      const answer = await fetch("/panggil", { method: "POST", body: new URLSearchParams({ page }) });
      call((await answer.json()).call);
    } catch {
      call("away");
    }
    look();
  });
  document.getElementById("thanks").addEventListener("click", () => dialog.close());
  document.addEventListener("arrive", look);
  look();
})();
