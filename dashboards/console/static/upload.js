// A folder becomes a draft: its files go up one by one, a few at a time, and are then checked. A cut
// connection is waited for; a file that was cut off is sent again, whole. Nothing is decided here.
"use strict";
(() => {
  const AT_ONCE = 3;
  const PAUSES_MS = [1000, 3000, 10_000, 30_000, 60_000];
  const form = document.getElementById("upload");
  const words = JSON.parse(form.dataset.words);
  const part = (id) => document.getElementById(`upload-${id}`);
  const csrf = { "x-csrf": form.elements.csrf?.value ?? "" };
  const say = (word, fields = {}) => Object.entries(fields).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[word]);
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });
  const figures = new Intl.NumberFormat(form.dataset.language, { maximumFractionDigits: 1 });

  class Refused extends Error {}

  function sized(bytes) {
    const [by, unit] = bytes < 1024 * 1024 ? [1024, "kB"] : [1024 * 1024, "MB"];
    return `${figures.format(bytes / by)} ${unit}`;
  }

  // (path within the folder, file): the folder's own name is no part of it.
  function picked() {
    return [...form.elements.folder.files].map((file) => [file.webkitRelativePath.split("/").slice(1).join("/") || file.name, file]);
  }

  const sum = (files) => files.reduce((total, [, file]) => total + file.size, 0);

  // The API says why as a problem (RFC 9457), a page's route as plain text.
  async function reason(answer) {
    const text = await answer.text();
    const isProblem = answer.headers.get("content-type")?.startsWith("application/problem+json");
    return (isProblem ? JSON.parse(text).detail : text).slice(0, 300);
  }

  // One request that outlives a cut line. What the office refuses is refused for good.
  async function ask(address, options, expected) {
    for (let tries = 0; ; tries += 1) {
      try {
        const answer = await fetch(address, options);
        if (answer.ok || answer.status === expected) return answer;
        if (answer.status < 500 && answer.status !== 429) throw new Refused(await reason(answer));
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      if (tries >= PAUSES_MS.length) throw new Refused("–");
      part("word").textContent = say("again");
      await pause(PAUSES_MS[tries]);
    }
  }

  async function begun() {
    if (form.dataset.draft) return form.dataset.draft;
    const { bundle, note } = form.elements;
    const body = new URLSearchParams({ bundle: bundle.value, note: note.value });
    const answer = await ask("/releases", { method: "POST", headers: csrf, body });
    const { id } = await answer.json();
    form.dataset.draft = id; // a second press goes on with the same draft
    return id;
  }

  async function send(id, files) {
    const total = sum(files);
    const queue = [...files];
    let done = 0;
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [path, file] = next;
        const address = `/api/v1/releases/${id}/files?${new URLSearchParams({ path, size: file.size })}`;
        await ask(address, { method: "PUT", headers: { ...csrf, "content-type": "application/octet-stream" }, body: file });
        done += file.size;
        part("bar").value = total ? done / total : 1;
        part("word").textContent = say("sending", { done: sized(done), total: sized(total) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  async function check(id) {
    part("word").textContent = say("checking");
    part("bar").removeAttribute("value");
    const headers = { ...csrf, accept: "application/json" };
    const answer = await ask(`/releases/${id}/check`, { method: "POST", headers }, 422);
    if (answer.ok) return location.assign(`/releases/${id}?told=check`);
    const { problems } = await answer.json();
    part("list").replaceChildren(...problems.map((problem) => {
      const line = document.createElement("li");
      line.textContent = problem;
      return line;
    }));
    part("problems").classList.remove("hidden");
    return undefined;
  }

  function wrong(files) {
    if (!/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/.test(form.elements.bundle.value)) return say("bad_bundle");
    if (!files.length) return say("empty");
    return files.length > Number(form.dataset.most) ? say("too_many", { n: figures.format(form.dataset.most) }) : "";
  }

  function fail(text) {
    part("failed").querySelector("span").textContent = text;
    part("failed").classList.remove("hidden");
  }

  async function upload() {
    const files = picked();
    part("failed").classList.add("hidden");
    part("problems").classList.add("hidden");
    const why = wrong(files);
    if (why) return fail(why);
    part("start").disabled = true;
    part("progress").classList.remove("hidden");
    try {
      const id = await begun();
      await send(id, files);
      await check(id);
    } catch (error) {
      fail(say("failed", { why: error.message }));
    }
    part("progress").classList.add("hidden");
    part("start").disabled = false;
    return undefined;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    upload();
  });
  form.elements.folder.addEventListener("change", () => {
    const files = picked();
    part("picked").textContent = say("picked", { n: figures.format(files.length), size: sized(sum(files)) });
    part("picked").classList.toggle("hidden", !files.length);
  });
})();
