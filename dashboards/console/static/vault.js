// Keys of this device: made in this browser and kept in it; nobody can take them out, not even us.
// What is signed with them is decided elsewhere (agree.js, seal.js); they ask `vault`.
"use strict";
globalThis.vault = (() => {
  const ALGORITHM = { name: "Ed25519" };
  const utf8 = new TextEncoder();

  // --- {id, login, label, made, pair}
  function database() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("anjungan", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("keys", { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function inStore(mode, work) {
    const base = await database();
    try {
      return await new Promise((resolve, reject) => {
        const deal = base.transaction("keys", mode, { durability: "strict" });
        const asked = work(deal.objectStore("keys"));
        deal.oncomplete = () => resolve(asked.result);
        deal.onerror = deal.onabort = () => reject(deal.error);
      });
    } finally {
      base.close();
    }
  }

  async function keysOf(login) {
    const all = await inStore("readonly", (store) => store.getAll());
    return all.filter((one) => one.login === login);
  }

  const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

  async function make(login, label) {
    const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
    const known = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const id = hex(await sha256(known)).slice(0, 16);
    await inStore("readwrite", (store) => store.put({ id, login, label, pair, made: Date.now() }));
    return base64(known);
  }

  // Why this browser cannot sign, as the name of a sentence; empty: it can.
  async function lacking() {
    if (!isSecureContext || !globalThis.crypto?.subtle || !globalThis.indexedDB) return "insecure";
    try {
      await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
      return "";
    } catch {
      return "no_crypto";
    }
  }

  // --- texts that are signed: one spelling each
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const pairs = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
    return `{${pairs.join(",")}}`;
  }

  function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of parts) {
      whole.set(one, at);
      at += one.length;
    }
    return whole;
  }

  const sign = async (key, bytes) => new Uint8Array(await crypto.subtle.sign(ALGORITHM, key.pair.privateKey, bytes));
  const publicOf = async (key) => new Uint8Array(await crypto.subtle.exportKey("raw", key.pair.publicKey));
  const tokens = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}"); // of every change

  return { keysOf, make, lacking, hex, base64, sha256, canonical, joined, utf8, sign, publicOf, tokens };
})();
