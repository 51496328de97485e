// The camera of this kiosk: a live picture, one still of it, sent to the portal on this machine.
//
// It owns the stream: it runs only while this page is open and is ended before the page is left.
// Without a camera, or without leave to use it, the page keeps what it has: a telephone, or going on.
"use strict";

const view = document.getElementById("camera");
const shoot = document.getElementById("shoot");
const without = document.getElementById("no-camera");
const WIDTH = 1600;
let stream = null;

function stop() {
  if (stream) stream.getTracks().forEach((track) => track.stop());
  stream = null;
}

async function start() {
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: WIDTH }, facingMode: "user" }, audio: false,
    });
  } catch {
    without.hidden = false; // no camera here, or it is not for us
    return;
  }
  view.srcObject = stream;
  await view.play();
  view.hidden = shoot.hidden = false;
}

function still() {
  const canvas = document.createElement("canvas");
  canvas.width = view.videoWidth;
  canvas.height = view.videoHeight;
  canvas.getContext("2d").drawImage(view, 0, 0);
  return new Promise((give) => canvas.toBlob(give, "image/jpeg", 0.9));
}

async function take() {
  shoot.disabled = true;
  const form = new FormData();
  form.append("picture", await still(), "picture.jpg");
  try {
    const answer = await fetch(location.pathname, { method: "POST", body: form });
    stop();
    location.replace(answer.url);
  } catch { // the portal starts anew: the citizen touches once more
    shoot.disabled = false;
  }
}

if (view) {
  shoot.addEventListener("click", take);
  addEventListener("pagehide", stop);
  if (navigator.mediaDevices) start(); else without.hidden = false;
}
