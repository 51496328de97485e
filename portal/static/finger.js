// The second tap of a hasty finger was meant for what stood there before: it presses nothing.
//
// Where the finger was last, a shield lies over the page that has just come, for as long as a double
// tap takes and as far as a finger strays. Everywhere else the page can be touched at once: whoever
// knows their way is not made to wait.
"use strict";

(() => {
  const DOUBLE_MS = 400;
  const shield = document.createElement("div");
  let timer = 0;
  shield.className = "shield";
  shield.hidden = true;
  document.body.append(shield);

  function lay() {
    clearTimeout(timer);
    shield.hidden = false;
    timer = setTimeout(() => { shield.hidden = true; }, DOUBLE_MS);
  }

  addEventListener("pointerdown", ({ clientX, clientY }) => {
    shield.style.translate = `calc(${clientX}px - 50%) calc(${clientY}px - 50%)`;
  }, { capture: true, passive: true });
  document.addEventListener("arrive", lay);
  document.addEventListener("click", (event) => {
    if (event.target.closest("#attract")) lay(); // home stands below it
  });
})();
