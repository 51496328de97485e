// The map is shown as large as the screen allows: its width goes along with the touch, so that the
// portal knows which place was meant.
"use strict";

document.addEventListener("click", ({ target }) => {
  if (target.id === "map") document.getElementById("width").value = String(target.clientWidth);
}, { capture: true });
