// Nobody has touched the screen for a while: ask, and when nobody answers, end and forget.
//
// <html data-idle> says after how many seconds it asks. On home nothing of a citizen's is shown, so
// there nobody is asked: their taste is forgotten, and the screen invites whoever passes. Time here is
// the page's own: a kiosk's clock that is put right in the middle of a form must neither throw
// somebody out nor leave their form to the next one.
"use strict";

(() => {
  const root = document.documentElement;
  const still = document.getElementById("still");
  const called = document.getElementById("called");
  const ANSWER_S = 30;
  const AGAIN_S = 5;
  let touched = performance.now();
  let asked = 0;
  let ended = -Infinity;

  function chime(times) {
    try {
      const sound = new AudioContext();
      for (let one = 0; one < times; one += 1) {
        for (const [step, hertz] of [[0, 784], [0.22, 587]]) {
          const tone = sound.createOscillator();
          const loud = sound.createGain();
          const at = sound.currentTime + one * 0.9 + step;
          tone.frequency.value = hertz;
          loud.gain.setValueAtTime(0.25, at);
          loud.gain.exponentialRampToValueAtTime(0.001, at + 0.6);
          tone.connect(loud).connect(sound.destination);
          tone.start(at);
          tone.stop(at + 0.6);
        }
      }
    } catch { /* a kiosk without a loudspeaker */ }
  }

  function stay() {
    touched = performance.now();
    asked = 0;
    if (still.open) still.close();
  }

  function end() {
    if (performance.now() - ended < AGAIN_S * 1000) return; // it is on its way
    ended = performance.now();
    document.getElementById("end").requestSubmit();
  }

  function invite() {
    if (root.dataset.known === "1") end();
    else attracting(true);
  }

  function attracting(is) {
    const attract = document.getElementById("attract");
    if (!attract || attract.hidden !== is) return;
    attract.hidden = !is;
    document.body.classList.toggle("attracting", is);
  }

  function look() {
    const quiet = (performance.now() - touched) / 1000;
    if (asked) {
      const left = Math.max(0, Math.ceil(ANSWER_S - (performance.now() - asked) / 1000));
      document.getElementById("left").textContent = String(left);
      if (left === 0) end();
    } else if (quiet >= Number(root.dataset.idle || 60)) {
      if (root.dataset.session !== "open") invite();
      else {
        asked = performance.now();
        if (called.open) called.close();
        still.showModal();
        chime(1);
      }
    }
    setTimeout(look, asked ? 200 : 1000);
  }

  for (const event of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
    addEventListener(event, () => { if (!asked) touched = performance.now(); }, { passive: true });
  }
  document.getElementById("stay").addEventListener("click", stay);
  still.addEventListener("cancel", stay);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#attract")) attracting(false);
  });
  document.addEventListener("arrive", () => { touched = performance.now(); });
  document.addEventListener("chime", (event) => chime(event.detail));
  // A long press, a right or a middle click opens nothing of the browser's.
  for (const event of ["contextmenu", "auxclick"]) addEventListener(event, (one) => one.preventDefault());
  // What somebody typed is not carried on to the next one, by clipboard or by dragging.
  for (const event of ["copy", "cut", "paste", "dragstart", "drop"]) {
    addEventListener(event, (one) => one.preventDefault());
  }
  // A page out of the browser's memory may be somebody else's.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  look();
})();
