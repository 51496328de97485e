// The clock, the greeting that fits the hour, and a line that fills once a minute.
// Something always moves: a picture that stands still is how a frozen screen is found.
"use strict";

const DAYS = ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"];
const MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
  "September", "Oktober", "November", "Desember"];
const ZONES = { "-420": "WIB", "-480": "WITA", "-540": "WIT" };

const two = (number) => String(number).padStart(2, "0");
const show = (id, text) => {
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text;
};

function greeting(hour) {
  if (hour >= 4 && hour < 11) return "Selamat pagi";
  if (hour >= 11 && hour < 15) return "Selamat siang";
  if (hour >= 15 && hour < 18) return "Selamat sore";
  return "Selamat malam";
}

function tick() {
  const now = new Date();
  const zone = ZONES[now.getTimezoneOffset()] ?? "";
  show("clock", `${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}`);
  show("date", `${DAYS[now.getDay()]}, ${now.getDate()} ${MONTHS[now.getMonth()]} ` +
    `${now.getFullYear()} ${zone}`.trim());
  show("greeting", greeting(now.getHours()));
  document.getElementById("pulse").style.width = `${(now.getSeconds() + 1) / 0.6}%`;
  setTimeout(tick, 1000 - now.getMilliseconds() % 1000);
}

tick();
