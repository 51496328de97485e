// The map is shown as large as the screen allows: its width goes along with the touch, so that the
// portal knows which place was meant.
"use strict";

const map = document.getElementById("map");
const width = document.getElementById("width");

if (map) map.addEventListener("click", () => { width.value = String(map.clientWidth); });
