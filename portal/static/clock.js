// The clock, the greeting that fits the hour, and a line that fills once a minute.
// The time is that of the government that looks after this kiosk: <html data-offset> says how many
// minutes it is ahead of UTC, whatever the machine's own zone is set to.
// Something always moves: a picture that stands still is how a frozen screen is found.
"use strict";

const SAYS = {
  id: {
    days: ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"],
    months: ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
      "September", "Oktober", "November", "Desember"],
    greetings: ["Selamat malam", "Selamat pagi", "Selamat siang", "Selamat sore"],
  },
  su: {
    days: ["Minggu", "Senén", "Salasa", "Rebo", "Kemis", "Jumaah", "Saptu"],
    months: ["Januari", "Pébruari", "Maret", "April", "Méi", "Juni", "Juli", "Agustus",
      "Séptémber", "Oktober", "Nopémber", "Désémber"],
    greetings: ["Wilujeng wengi", "Wilujeng énjing", "Wilujeng siang", "Wilujeng sonten"],
  },
  en: {
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    months: ["January", "February", "March", "April", "May", "June", "July", "August",
      "September", "October", "November", "December"],
    greetings: ["Good evening", "Good morning", "Good afternoon", "Good afternoon"],
  },
};
const ZONES = { 420: "WIB", 480: "WITA", 540: "WIT" };
const offset = Number(document.documentElement.dataset.offset ?? -new Date().getTimezoneOffset());
const says = SAYS[document.documentElement.lang] ?? SAYS.id;

const two = (number) => String(number).padStart(2, "0");
const show = (id, text) => {
  const place = document.getElementById(id);
  if (place && place.textContent !== text) place.textContent = text;
};

function greeting(hour) {
  if (hour >= 4 && hour < 11) return says.greetings[1];
  if (hour >= 11 && hour < 15) return says.greetings[2];
  if (hour >= 15 && hour < 18) return says.greetings[3];
  return says.greetings[0];
}

function draw() {
  const now = new Date(Date.now() + offset * 60000); // read as UTC, this is the time here
  const clock = `${two(now.getUTCHours())}.${two(now.getUTCMinutes())}`;
  show("clock", `${clock}.${two(now.getUTCSeconds())}`);
  show("clock-large", clock);
  show("date", `${says.days[now.getUTCDay()]}, ${now.getUTCDate()} ` +
    `${says.months[now.getUTCMonth()]} ${now.getUTCFullYear()} ${ZONES[offset] ?? ""}`.trim());
  show("greeting", greeting(now.getUTCHours()));
  document.getElementById("pulse").style.width = `${(now.getUTCSeconds() + 1) / 0.6}%`;
}

function tick() {
  draw();
  setTimeout(tick, 1000 - Date.now() % 1000);
}

document.addEventListener("arrive", draw);
tick();
