// Agreeing to a job with a key of this device (vault.js).
// What is signed is the order's own text. It is read HERE, and shown from here; where it differs
// from what the page says, or its list of kiosks is not the one it names, nothing is signed.
"use strict";
(() => {
  const { keysOf, make, lacking, hex, base64, sha256, canonical, joined, utf8 } = vault;
  const AHEAD_MS = 5 * 60_000; // so far may the office's clock be from this one

  // --- the order's text, read by ourselves
  async function rootOf(kiosks) {
    const sorted = [...kiosks].sort((a, b) => (a[0] < b[0] ? -1 : 1));
    let level = await Promise.all(sorted.map(([name, after]) => sha256(joined([0], utf8.encode(`${name}\n${after}`)))));
    while (level.length > 1) {
      const above = [];
      for (let i = 0; i + 1 < level.length; i += 2) above.push(sha256(joined([1], level[i], level[i + 1])));
      const odd = level.length % 2 ? [level[level.length - 1]] : [];
      level = [...(await Promise.all(above)), ...odd];
    }
    return hex(level[0]);
  }

  // The order and, when it may not be signed, the name of the sentence that says why.
  async function read(statement, page) {
    let order;
    try {
      order = JSON.parse(statement.order);
    } catch {
      return { lie: "lie_form" };
    }
    if (canonical(order) !== statement.order || order.v !== 1) return { lie: "lie_form" };
    if (order.kind !== page.kind) return { order, lie: "lie_kind" };
    if (order.count !== Number(page.count)) return { order, lie: "lie_count" };
    if (order.expires !== Number(page.expires)) return { order, lie: "lie_expires" };
    if (canonical(order.args) !== canonical(JSON.parse(page.args))) return { order, lie: "lie_args" };
    const names = new Set(statement.kiosks.map(([name]) => name));
    if (names.size !== order.count || statement.kiosks.length !== order.count) return { order, lie: "lie_kiosks" };
    if ((await rootOf(statement.kiosks)) !== order.kiosks) return { order, lie: "lie_kiosks" };
    if (isLate(statement.at)) return { order, lie: "lie_clock" };
    return { order, lie: "" };
  }

  const isLate = (at) => !Number.isSafeInteger(at) || Math.abs(at - Date.now()) > AHEAD_MS;

  async function sign(key, order, at) {
    const message = joined(utf8.encode("anjungan-approval-v1"), [0], utf8.encode(String(at)), [0], utf8.encode(order));
    return base64(await vault.sign(key, message));
  }

  // --- the page of a job that waits
  const dialog = document.getElementById("agree-dialog");
  let asked = null; // {box, key, statement} while the dialog is open

  function tell(box, word, fields = {}) {
    const words = JSON.parse(box.dataset.words);
    const sentence = Object.entries(fields).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[word]);
    const place = document.getElementById("agree-say");
    place.querySelector("span").textContent = sentence;
    place.classList.remove("hidden");
  }

  function fill(order, kiosks) {
    const put = (name, text) => { dialog.querySelector(`[data-signed="${name}"]`).textContent = text; };
    const kinds = JSON.parse(dialog.dataset.kinds);
    put("kind", `${kinds[order.kind] ?? "?"} (${order.kind})`);
    put("args", Object.entries(order.args).map(([name, value]) => `${name} = ${value}`).join(", ") || "–");
    put("count", String(order.count));
    put("expires", new Date(order.expires).toLocaleString(document.documentElement.lang, { timeZone: "Asia/Jakarta", dateStyle: "medium", timeStyle: "short" }) + " WIB");
    put("order", order.order);
    put("kiosks", kiosks.map(([name]) => name).join(", "));
    put("text", canonical(order));
  }

  async function begin(box) {
    const inForce = box.dataset.keys.split(" ");
    const mine = await keysOf(box.dataset.login);
    const key = mine.find((one) => inForce.includes(one.id));
    if (!key) return tell(box, mine.length ? "waiting_key" : "no_key");
    const answer = await fetch(box.dataset.statement, { headers: { accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return tell(box, "failed", { why: String(answer.status) });
    const statement = await answer.json();
    const { order, lie } = await read(statement, box.dataset);
    if (lie) return tell(box, lie);
    asked = { box, key, statement };
    fill(order, statement.kiosks);
    dialog.showModal();
  }

  async function finish() {
    const { box, key, statement } = asked;
    dialog.close();
    if (isLate(statement.at)) return tell(box, "lie_clock");
    const said = { key: key.id, at: statement.at, signature: await sign(key, statement.order, statement.at) };
    const headers = { "content-type": "application/json", ...vault.tokens() };
    const answer = await fetch(box.dataset.agree, { method: "POST", headers, body: JSON.stringify(said) });
    if (!answer.ok) return tell(box, "failed", { why: (await answer.text()).slice(0, 300) });
    location.reload();
  }

  async function prepare() {
    const box = document.getElementById("agree-box");
    const button = box && box.querySelector("[data-agree-do]");
    if (!button || button.dataset.ready) return;
    button.dataset.ready = "yes";
    const why = await lacking();
    if (why) {
      button.classList.add("hidden");
      document.getElementById("agree-command").classList.remove("hidden");
      tell(box, why);
      return;
    }
    button.disabled = false;
  }

  document.addEventListener("click", (event) => {
    const start = event.target.closest("[data-agree-do]");
    if (start) begin(start.closest("#agree-box")).catch((error) => tell(start.closest("#agree-box"), "failed", { why: String(error) }));
    if (event.target.closest("[data-agree-sign]")) finish().catch((error) => tell(asked.box, "failed", { why: String(error) }));
  });
  document.addEventListener("morphed", prepare);

  // --- the account's page: a new key, and which of mine are on this device
  const form = document.getElementById("key-make");
  async function account() {
    const why = await lacking();
    document.getElementById(why ? `key-${why}` : "key-make").classList.remove("hidden");
    if (why === "insecure") return;
    for (const one of await keysOf(form.dataset.login)) {
      document.querySelector(`#key-${CSS.escape(one.id)} [data-here]`)?.classList.remove("hidden");
    }
  }
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const { label } = form.elements;
      make(form.dataset.login, label.value.trim()).then((made) => {
        form.elements.public.value = made;
        form.submit();
      });
    });
    account();
  }
  prepare();
})();
