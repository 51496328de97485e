// The charts of one kiosk: steps, because a value holds until the next one; holes where nobody knows.
"use strict";
(() => {
  const section = document.getElementById("charts");
  const figures = [...section.querySelectorAll("figure[data-metrics]")];
  const plots = new Map();
  let hours = 1;
  let asked = 0;
  let timer = 0;
  const nothing = document.getElementById("no-charts");
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const LARGER = { "kbit/s": [10000, 1000, "Mbit/s"], MB: [10240, 1024, "GB"] }; // from, by, unit
  const SHORTEST_S = 600; // a young kiosk's chart begins with it, but never shows less than this
  const hour = new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta" });

  // Colours by name become colours by number only where they are used, so ask an element.
  function ink(name) {
    const probe = document.createElement("i");
    probe.className = name;
    section.append(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    return colour;
  }

  function faint(colour) {
    return colour.replace(/^rgb\(/, "rgba(").replace(/\)$/, ", 0.12)");
  }

  // A figure is drawn in the unit that fits its greatest value.
  function scaled(figure, data) {
    let unit = figure.dataset.unit;
    const [from, by, larger] = LARGER[unit] || [Infinity, 1, unit];
    const most = Math.max(0, ...data.slice(1).flat().filter((value) => value != null));
    if (most >= from) {
      unit = larger;
      data = [data[0], ...data.slice(1).map((line) => line.map((value) => (value == null ? value : value / by)))];
    }
    return [data, unit === "%" ? unit : `\u00a0${unit}`];
  }

  function options(figure, width, unit) {
    const top = Number(figure.dataset.top) || null;
    const axis = { stroke: ink("axis-ink"), grid: { stroke: ink("grid-ink"), width: 1 }, ticks: { show: false }, font: "12px Plus Jakarta Sans, sans-serif" };
    const step = uPlot.paths.stepped({ align: 1 });
    const lines = figure.dataset.metrics.split(" ").map((metric, n) => {
      const colour = ink(`tone-${n + 1}`);
      return { label: metric, stroke: colour, fill: n === 0 ? faint(colour) : undefined, width: 2, paths: step, points: { show: false }, spanGaps: false };
    });
    return {
      width, height: 128, padding: [10, 20, 0, 0], legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: "kiosk" }, points: { size: 7 } },
      scales: { x: { time: true }, y: { range: (_, low, high) => (top ? [0, top] : [Math.min(0, low), Math.max(1, high * 1.15)]) } },
      axes: [
        { ...axis, space: 64, size: 30, gap: 8, values: (_, ticks) => ticks.map((at) => hour.format(at * 1000)) },
        { ...axis, space: 34, size: wide, values: (_, ticks) => ticks.map((value) => number.format(value) + (top ? unit : "")) },
      ],
      series: [{}, ...lines],
      hooks: { setCursor: [(plot) => last(figure, plot, unit)] },
    };
  }

  // As wide as its longest label.
  function wide(_, labels) {
    return 16 + 7.2 * Math.max(3, ...(labels || []).map((label) => label.length));
  }

  // The figure beside the title: what is under the cursor, else the newest.
  function last(figure, plot, unit) {
    const at = plot.cursor.idx ?? plot.data[0].length - 1;
    const values = plot.data.slice(1).map((line) => {
      let n = at;
      while (n > 0 && line[n] === undefined) n -= 1;
      return line[n];
    });
    const known = values.filter((value) => value !== null && value !== undefined);
    const when = plot.cursor.idx == null ? "" : ` · ${hour.format(plot.data[0][at] * 1000)}`;
    figure.querySelector("[data-last]").textContent = known.length ? known.map((value) => number.format(value)).join(" / ") + unit + when : "–";
  }

  function draw(figure, answer) {
    const lines = figure.dataset.metrics.split(" ").map((metric) => answer.series[metric]).filter((line) => line && line[0].length);
    const box = figure.querySelector(".plot");
    figure.classList.toggle("hidden", !lines.length);
    if (!lines.length) return;
    const [data, unit] = scaled(figure, lines.length === 1 ? lines[0] : uPlot.join(lines, lines.map(() => [1, 1])));
    plots.get(figure)?.destroy();
    const plot = new uPlot(options(figure, Math.max(120, box.clientWidth), unit), data, box);
    plot.setScale("x", { min: begin(answer), max: answer.end });
    plots.set(figure, plot);
    last(figure, plot, unit);
  }

  // All charts of a page begin together: with the window, or with the first thing ever heard in it.
  function begin({ series, start, end }) {
    const first = Math.min(...Object.values(series).flatMap(([at]) => at.slice(0, 1)));
    return Math.max(start, Math.min(first, end - SHORTEST_S));
  }

  async function load() {
    clearTimeout(timer);
    timer = 0;
    asked = performance.now();
    const answer = await fetch(`${section.dataset.series}?hours=${hours}`).catch(() => null);
    if (!answer || !answer.ok) return;
    const series = await answer.json();
    for (const figure of figures) draw(figure, series);
    nothing.classList.toggle("hidden", figures.some((figure) => !figure.classList.contains("hidden")));
    section.dataset.drawn = "yes";
  }

  function soon() {
    if (timer) return;
    timer = setTimeout(load, Math.max(0, asked + 3000 - performance.now()));
  }

  for (const button of section.querySelectorAll("[data-hours]")) {
    button.addEventListener("click", () => {
      hours = Number(button.dataset.hours);
      for (const one of section.querySelectorAll("[data-hours]")) one.setAttribute("aria-pressed", String(one === button));
      load();
    });
  }
  document.addEventListener("news", (event) => {
    const { resync, kiosks } = event.detail;
    if (resync || !kiosks || kiosks.includes(Number(section.dataset.kiosk))) soon();
  });
  document.addEventListener("themed", load);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) soon();
    width = innerWidth;
  });
  document.fonts.ready.then(load);
})();
