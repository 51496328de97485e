// Reads the page aloud, and what another script wants said ("say", an event of the document), where a
// voice for its language is installed; without one there is no button.
"use strict";

(() => {
  const button = document.getElementById("speak");
  const speech = window.speechSynthesis;
  if (!button || !speech) return;
  const language = document.documentElement.lang;
  // Sundanese is read by the Indonesian voice when it has none of its own: better than silence.
  const wanted = { id: ["id"], su: ["su", "id"], en: ["en"] }[language] || ["id"];

  const voice = () => wanted
    .map((code) => speech.getVoices().find((one) => one.lang.toLowerCase().startsWith(code)))
    .find(Boolean);
  const show = () => { button.hidden = !voice(); };
  const pressed = (is) => button.setAttribute("aria-pressed", String(is));
  const silence = () => {
    speech.cancel();
    pressed(false);
  };

  function words(text, rate) {
    const said = new SpeechSynthesisUtterance(text);
    said.voice = voice();
    said.lang = said.voice.lang;
    said.rate = rate;
    return said;
  }

  button.addEventListener("click", () => {
    if (speech.speaking) {
      silence();
      return;
    }
    const said = words(document.querySelector(".page").innerText, 0.92);
    said.onend = () => pressed(false);
    speech.speak(said);
    pressed(true);
  });
  speech.addEventListener("voiceschanged", show);
  document.addEventListener("say", ({ detail }) => { if (voice()) speech.speak(words(detail, 0.85)); });
  document.addEventListener("leave", silence);
  addEventListener("pagehide", silence);
  show();
})();
