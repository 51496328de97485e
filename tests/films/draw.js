// The pictures of the films we ship: a small stage of flat figures, one function a scene.
// Every scene is a function of `t`, 0 at its beginning and 1 at its end: the same t is always the
// same picture. Nothing is loaded, nothing is random.
"use strict";

const WIDE = 960, HIGH = 540;
const INK = "#12332b", BRAND = "#0b5d4a", SOFT = "#e3f1ec", PAPER = "#ffffff", GOLD = "#c98a1b";
const RED = "#b3261e", SKY = "#f4f8f6", LINE = "#b9d3c9", BLUE = "#1d4f86";

const ease = (t) => (t < 0 ? 0 : t > 1 ? 1 : t * t * (3 - 2 * t));
const part = (t, from, to) => ease((t - from) / (to - from));

class Stage {
  constructor(context) { this.c = context; }

  box(x, y, w, h, fill, { round = 14, line = "", width = 3 } = {}) {
    const c = this.c;
    c.beginPath(); c.roundRect(x, y, w, h, round); c.fillStyle = fill; c.fill();
    if (line) { c.strokeStyle = line; c.lineWidth = width; c.stroke(); }
  }

  dot(x, y, r, fill) {
    const c = this.c;
    c.beginPath(); c.arc(x, y, r, 0, 7); c.fillStyle = fill; c.fill();
  }

  path(points, color, width = 6, closed = false, fill = "") {
    const c = this.c;
    c.beginPath(); points.forEach(([x, y], at) => (at ? c.lineTo(x, y) : c.moveTo(x, y)));
    if (closed) c.closePath();
    if (fill) { c.fillStyle = fill; c.fill(); }
    c.lineCap = c.lineJoin = "round"; c.lineWidth = width; c.strokeStyle = color; c.stroke();
  }

  text(words, x, y, size, color = INK, align = "center", weight = 700) {
    const c = this.c;
    c.font = `${weight} ${size}px "Plus Jakarta Sans", sans-serif`;
    c.textAlign = align; c.textBaseline = "middle"; c.fillStyle = color; c.fillText(words, x, y);
  }

  ground() {
    this.box(0, 0, WIDE, HIGH, SKY, { round: 0 });
    for (let x = 40; x < WIDE; x += 80) this.kawung(x, HIGH - 26, 11);
  }

  // Four petals: the pattern of the portal's own pages.
  kawung(x, y, r) {
    const c = this.c;
    for (const [dx, dy, turn] of [[-1, -1, 1], [1, -1, -1], [-1, 1, -1], [1, 1, 1]]) {
      c.beginPath();
      c.ellipse(x + dx * r * 0.8, y + dy * r * 0.8, r, r * 0.55, (turn * Math.PI) / 4, 0, 7);
      c.fillStyle = SOFT; c.fill();
    }
  }

  title(words, t) {
    const y = 50 - 30 * (1 - part(t, 0, 0.12));
    this.text(words, WIDE / 2, y, 34, BRAND);
  }

  kiosk(x, y, size = 1) {
    this.box(x - 95 * size, y, 190 * size, 300 * size, BRAND, { round: 22 * size });
    this.box(x - 80 * size, y + 16 * size, 160 * size, 220 * size, PAPER, { round: 10 * size });
    this.box(x - 40 * size, y + 256 * size, 80 * size, 12 * size, INK, { round: 6 * size });
    this.box(x - 60 * size, y + 300 * size, 120 * size, 30 * size, INK, { round: 6 * size });
  }

  tiles(x, y, w, h, chosen = -1, glow = 0) {
    for (let at = 0; at < 6; at++) {
      const tx = x + (at % 2) * (w / 2 + 6), ty = y + Math.floor(at / 2) * (h / 3 + 4);
      const on = at === chosen && glow > 0;
      this.box(tx, ty, w / 2 - 6, h / 3 - 8, on ? BRAND : SOFT, { line: on ? BRAND : LINE });
      this.dot(tx + w / 4 - 3, ty + h / 6 - 4, h / 16, on ? PAPER : BRAND);
    }
  }

  hand(x, y, press = 0) {
    const c = this.c, s = 1 - press * 0.08;
    if (press > 0) {
      c.globalAlpha = 1 - press; c.beginPath(); c.arc(x, y, 14 + 34 * press, 0, 7);
      c.strokeStyle = GOLD; c.lineWidth = 6; c.stroke(); c.globalAlpha = 1;
    }
    this.box(x - 9 * s, y - 4, 18 * s, 62 * s, "#e0a878", { round: 9 });
    this.box(x - 30 * s, y + 44 * s, 60 * s, 48 * s, "#e0a878", { round: 16 });
    this.box(x - 34 * s, y + 84 * s, 68 * s, 34 * s, GOLD, { round: 8 });
  }

  sheet(x, y, w, h, head, lines = 5) {
    this.box(x, y, w, h, PAPER, { line: LINE, round: 8 });
    this.text(head, x + w / 2, y + 28, 22, BRAND);
    for (let at = 0; at < lines; at++) {
      this.box(x + 22, y + 56 + at * 24, (w - 44) * (at % 3 === 2 ? 0.6 : 1), 8, SOFT, { round: 4 });
    }
  }

  card(x, y, w, h, head) {
    this.box(x, y, w, h, "#dbe9f5", { line: BLUE, round: 12 });
    this.text(head, x + 18, y + 26, 20, BLUE, "left");
    this.box(x + w - 74, y + 44, 54, 68, PAPER, { line: BLUE, round: 6, width: 2 });
    this.dot(x + w - 47, y + 68, 13, BLUE);
    for (let at = 0; at < 3; at++) this.box(x + 18, y + 56 + at * 22, w * 0.45, 8, PAPER, { round: 4 });
  }

  tick(x, y, t, size = 1) {
    this.dot(x, y, 24 * size * part(t, 0, 0.5), "#1f7a43");
    if (t > 0.5) this.path([[x - 10 * size, y], [x - 3 * size, y + 8 * size], [x + 11 * size, y - 9 * size]], PAPER, 5 * size);
  }

  lock(x, y, shut) {
    const c = this.c;
    c.beginPath(); c.arc(x, y - 18 - 16 * (1 - shut), 24, Math.PI, 0);
    c.lineTo(x + 24, y); c.moveTo(x - 24, y - 18 - 16 * (1 - shut)); c.lineTo(x - 24, y);
    c.strokeStyle = INK; c.lineWidth = 10; c.stroke();
    this.box(x - 40, y - 6, 80, 64, GOLD, { round: 12 });
    this.dot(x, y + 22, 8, INK);
  }

  squares(x, y, size) {
    for (let row = 0; row < 9; row++) {
      for (let at = 0; at < 9; at++) {
        const corner = (row < 3 || row > 5) && (at < 3 || at > 5) && !(row > 5 && at > 5);
        if (corner ? !(row % 6 === 1 && at % 6 === 1) || 1 : (row * 5 + at * 3 + row * at) % 4 < 2) {
          this.box(x + at * size, y + row * size, size - 1, size - 1, INK, { round: 1 });
        }
      }
    }
  }

  receipt(x, y, h) {
    const c = this.c;
    c.save(); c.beginPath(); c.rect(x, y, 190, h); c.clip();
    this.box(x, y + h - 250, 190, 250, PAPER, { line: LINE, round: 4 });
    this.text("TANDA TERIMA", x + 95, y + h - 222, 20, INK);
    this.text("261122-0042", x + 95, y + h - 190, 20, BRAND);
    this.squares(x + 50, y + h - 165, 10);
    this.text("simpan baik-baik", x + 95, y + h - 46, 15, INK, "center", 500);
    c.restore();
  }

  phone(x, y, w, h) {
    this.box(x, y, w, h, INK, { round: 22 });
    this.box(x + 10, y + 16, w - 20, h - 32, PAPER, { round: 12 });
  }

  pin(x, y) {
    this.path([[x, y], [x - 17, y - 28], [x + 17, y - 28]], RED, 4, true, RED);
    this.dot(x, y - 34, 20, RED); this.dot(x, y - 34, 8, PAPER);
  }
}

function paint(context, film, seconds) {
  const stage = new Stage(context), long = SECONDS_A_SCENE;
  const at = Math.min(Math.floor(seconds / long), FILMS[film].length - 1);
  context.setTransform(1, 0, 0, 1, 0, 0); context.globalAlpha = 1;
  stage.ground();
  FILMS[film][at](stage, seconds / long - at);
}
