// Signing the list of releases of a role with a key of this device (vault.js).
// What is signed is the list's own text. It is read HERE, and shown from here; where it adds, changes
// or takes away anything but what the page says, nothing is signed.
"use strict";
(() => {
  const { keysOf, lacking, hex, sha256, canonical, utf8 } = vault;
  const MOST_MS = 2 * 366 * 86_400_000; // no list is in force for longer
  const dialog = document.getElementById("seal-dialog");
  let asked = null; // {box, key, name, text} while the dialog is open

  // The name by which TUF knows a key.
  async function nameOf(key) {
    const known = { keytype: "ed25519", keyval: { public: hex(await vault.publicOf(key)) }, scheme: "ed25519" };
    return hex(await sha256(utf8.encode(canonical(known))));
  }

  function differ(list, before) {
    const was = before?.targets ?? {};
    const paths = [...new Set([...Object.keys(was), ...Object.keys(list.targets)])].sort();
    const found = { adds: [], takes: [], keeps: [], changes: [] };
    for (const path of paths) {
      if (!(path in was)) found.adds.push(path);
      else if (!(path in list.targets)) found.takes.push(path);
      else found[canonical(was[path]) === canonical(list.targets[path]) ? "keeps" : "changes"].push(path);
    }
    return found;
  }

  const named = (path) => (path ? [path] : []);
  const same = (a, b) => canonical(a) === canonical(b);

  // What the text says and, when it may not be signed, the name of the sentence that says why.
  function read(statement, page) {
    let list;
    try {
      list = JSON.parse(statement.text);
    } catch {
      return { lie: "lie_form" };
    }
    if (canonical(list) !== statement.text || list._type !== "targets" || list.delegations) return { lie: "lie_form" };
    if (list.version !== Number(page.version)) return { lie: "lie_version" };
    if (statement.before && list.version !== statement.before.version + 1) return { lie: "lie_version" };
    const left = Date.parse(list.expires) - Date.now();
    if (!(left > 0 && left < MOST_MS)) return { lie: "lie_expires" };
    const found = differ(list, statement.before);
    if (!same(found.adds, named(page.adds)) || !same(found.takes, named(page.takes)) || found.changes.length) return { lie: "lie_targets" };
    if (page.adds && !same(list.targets[page.adds].custom, JSON.parse(page.about))) return { lie: "lie_release" };
    return { list, found, lie: "" };
  }

  function tell(box, word, fields = {}) {
    const words = JSON.parse(box.dataset.words);
    const sentence = Object.entries(fields).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[word]);
    const place = box.querySelector("[data-seal-say]");
    place.querySelector("span").textContent = sentence;
    place.classList.remove("hidden");
  }

  function fill(box, list, found) {
    const put = (name, text) => { dialog.querySelector(`[data-signed="${name}"]`).textContent = text || "–"; };
    put("role", `${box.dataset.role} ${list.version}`);
    put("adds", found.adds.join(", "));
    put("takes", found.takes.join(", "));
    put("keeps", found.keeps.join(", "));
    put("index", found.adds.map((path) => list.targets[path].hashes.sha256).join(", "));
    put("expires", new Date(list.expires).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" }));
    put("text", canonical(list));
  }

  async function begin(box) {
    const admitted = box.dataset.keys.split(" ");
    let key = null;
    let name = "";
    for (const one of await keysOf(box.dataset.login)) {
      name = await nameOf(one);
      if (admitted.includes(name)) {
        key = one;
        break;
      }
    }
    if (!key) return tell(box, "no_key");
    const answer = await fetch(box.dataset.statement, { headers: { accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return tell(box, "failed", { why: String(answer.status) });
    const statement = await answer.json();
    const { list, found, lie } = read(statement, box.dataset);
    if (lie) return tell(box, lie);
    asked = { box, key, name, text: statement.text };
    fill(box, list, found);
    dialog.showModal();
  }

  async function finish() {
    const { box, key, name, text } = asked;
    dialog.close();
    const said = { key: name, signature: hex(await vault.sign(key, utf8.encode(text))) };
    const headers = { "content-type": "application/json", ...vault.tokens() };
    const answer = await fetch(box.dataset.sign, { method: "POST", headers, body: JSON.stringify(said) });
    if (!answer.ok) return tell(box, "failed", { why: (await answer.text()).slice(0, 300) });
    location.reload();
  }

  async function prepare() {
    for (const button of document.querySelectorAll("[data-seal-do]")) {
      if (button.dataset.ready) continue;
      button.dataset.ready = "yes";
      const box = button.closest("[data-seal]");
      const why = await lacking();
      if (why) {
        button.classList.add("hidden");
        box.querySelector("[data-seal-command]").classList.remove("hidden");
        tell(box, why);
      } else button.disabled = false;
    }
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-seal-do]")?.closest("[data-seal]");
    if (box) begin(box).catch((error) => tell(box, "failed", { why: String(error) }));
    if (event.target.closest("[data-seal-sign]")) finish().catch((error) => tell(asked.box, "failed", { why: String(error) }));
  });
  document.addEventListener("morphed", prepare);
  prepare();
})();
