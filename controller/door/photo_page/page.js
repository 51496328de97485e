// Sends pictures with the ticket that stands behind the # of the address. Keeps nothing: neither
// the ticket nor a picture is written anywhere on this telephone. A picture is made smaller here
// first, because the line is the citizen's own money; the office makes it anew in any case.
"use strict";

const MOST_SIDE = 1600;
const MOST_PHOTOS = 3;
const TEXTS = {
  id: {
    title: "Kirim foto",
    lead: "Foto ini menyertai yang Anda isi di anjungan. Paling banyak tiga foto.",
    privacy: "Lokasi dan data lain di dalam foto dihapus. Hanya petugas yang berwenang dapat membukanya.",
    choose: "Ambil atau pilih foto",
    send: "Kirim foto ini",
    sending: "Sedang dikirim…",
    sent: "Foto sudah diterima.",
    one: "Foto terkirim",
    all: "Tiga foto sudah diterima. Halaman ini boleh ditutup.",
    ticket: "Tautan ini tidak berlaku lagi. Pindai kode baru di layar anjungan.",
    type: "Berkas ini bukan foto yang dapat dibaca. Pilih foto lain.",
    later: "Kantor sedang sibuk. Coba lagi sebentar lagi.",
    line: "Tidak ada sambungan. Periksa internet ponsel, lalu coba lagi.",
  },
  su: {
    title: "Kirim poto",
    lead: "Ieu poto nyarengan nu dieusian ku Anjeun dina anjungan. Panglobana tilu poto.",
    privacy: "Lokasi jeung data séjén dina poto dipupus. Ngan patugas nu boga wewenang nu bisa muka.",
    choose: "Jepret atawa pilih poto",
    send: "Kirim ieu poto",
    sending: "Keur dikirim…",
    sent: "Poto geus ditarima.",
    one: "Poto geus dikirim",
    all: "Tilu poto geus ditarima. Ieu kaca meunang ditutup.",
    ticket: "Ieu tutumbu geus teu lumaku. Pindai kode anyar dina layar anjungan.",
    type: "Ieu berkas lain poto nu bisa dibaca. Pilih poto séjén.",
    later: "Kantor keur loba gawé. Cobaan deui sakeudeung deui.",
    line: "Euweuh sambungan. Pariksa internét telepon, tuluy cobaan deui.",
  },
  en: {
    title: "Send a photo",
    lead: "This photo goes with what you filled in at the kiosk. Three photos at most.",
    privacy: "Position and other data inside the photo are removed. Only officers with the right to may open it.",
    choose: "Take or choose a photo",
    send: "Send this photo",
    sending: "Sending…",
    sent: "The photo has arrived.",
    one: "Photo sent",
    all: "Three photos have arrived. You may close this page.",
    ticket: "This link is no longer valid. Scan a new code on the kiosk's screen.",
    type: "This file is no photo that can be read. Choose another one.",
    later: "The office is busy. Please try again in a moment.",
    line: "There is no connection. Check your phone's internet, then try again.",
  },
};

const byId = (id) => document.getElementById(id);
const ticket = location.hash.slice(1);
let language = "id";
let said = ["", ""];
let count = 0;

function show(word, kind) {
  said = [word, kind];
  byId("said").textContent = word ? TEXTS[language][word] : "";
  byId("said").className = `said ${kind}`;
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.title = TEXTS[chosen].title;
  for (const one of document.querySelectorAll("[data-text]")) {
    one.textContent = TEXTS[chosen][one.dataset.text] ?? one.textContent;
  }
  for (const one of document.querySelectorAll("[data-language]")) {
    one.setAttribute("aria-pressed", String(one.dataset.language === chosen));
  }
  [...byId("sent").children].forEach((one) => { one.textContent = TEXTS[chosen].one; });
  show(...said);
}

async function smaller(file) {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, MOST_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82))) ?? file;
  } catch {
    return file; // the office may read what this browser cannot
  }
}

function picked() {
  const file = byId("file").files[0];
  const preview = byId("preview");
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.hidden = byId("send").hidden = !file;
  if (file) preview.src = URL.createObjectURL(file);
  show("", "");
}

function wordOf(answer) {
  if (answer.status === 415 || answer.status === 413 || answer.status === 400) return "type";
  return answer.status === 403 ? "ticket" : "later";
}

function arrived() {
  count += 1;
  byId("sent").append(Object.assign(document.createElement("li"), { textContent: TEXTS[language].one }));
  byId("form").reset();
  picked();
  byId("form").hidden = count >= MOST_PHOTOS;
  show(count >= MOST_PHOTOS ? "all" : "sent", "good");
}

async function send(event) {
  event.preventDefault();
  const file = byId("file").files[0];
  if (!file) return;
  byId("send").disabled = true;
  show("sending", "");
  try {
    const body = await smaller(file);
    const headers = { authorization: `Ticket ${ticket}`, "content-type": "application/octet-stream" };
    const answer = await fetch("/foto", { method: "POST", headers, body });
    if (answer.ok) arrived();
    else show(wordOf(answer), "bad");
  } catch {
    show("line", "bad");
  } finally {
    byId("send").disabled = false;
  }
}

byId("needs").remove();
for (const one of document.querySelectorAll("[data-language]")) {
  one.addEventListener("click", () => speak(one.dataset.language));
}
byId("file").addEventListener("change", picked);
byId("form").addEventListener("submit", send);
byId("form").hidden = !ticket;
if (!ticket) show("ticket", "bad");
