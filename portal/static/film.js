// A film with large buttons in the citizen's language. It goes on where they stopped it: the portal
// is told the second, in memory alone; the browser keeps nothing.
"use strict";

(() => {
  const film = document.getElementById("film");
  const at = document.getElementById("at");
  const from = Number(film.dataset.from);
  const EVERY_S = 3;
  const BACK_S = 10;
  let told = from;

  function resume() {
    if (from > 0 && from < film.duration) film.currentTime = from;
  }

  function tell() {
    told = film.currentTime;
    const said = new URLSearchParams({ film: film.dataset.film, at: String(Math.floor(told)) });
    fetch("/video/sampai", { method: "POST", keepalive: true, body: said }).catch(() => {});
  }

  // The browser's own buttons are small, and speak its language instead of the citizen's.
  function player() {
    const [plays, pauses] = document.querySelectorAll("#play span");
    const words = document.getElementById("words");
    const own = film.querySelector("track[default]")?.track;
    const turn = () => { if (film.paused) film.play(); else film.pause(); };
    const show = () => { plays.hidden = !film.paused; pauses.hidden = film.paused; };
    for (const what of ["play", "pause", "ended"]) film.addEventListener(what, show);
    film.addEventListener("timeupdate", () => { at.value = String(film.currentTime); });
    film.addEventListener("click", turn);
    at.addEventListener("input", () => { film.currentTime = Number(at.value); });
    document.getElementById("play").addEventListener("click", turn);
    document.getElementById("again").addEventListener("click", () => { film.currentTime -= BACK_S; });
    words.addEventListener("click", () => {
      const shown = own.mode !== "showing";
      own.mode = shown ? "showing" : "hidden";
      words.setAttribute("aria-pressed", String(shown));
    });
    words.hidden = !own;
    film.controls = false;
    document.getElementById("player").hidden = false;
  }

  player();
  if (film.readyState > 0) resume();
  else film.addEventListener("loadedmetadata", resume, { once: true });
  film.addEventListener("timeupdate", () => { if (Math.abs(film.currentTime - told) >= EVERY_S) tell(); });
  film.addEventListener("pause", tell);
})();
