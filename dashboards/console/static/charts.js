// The charts of one kiosk: steps, because a value holds until the next one; holes where nobody knows.
"use strict";
(() => {
  const section = document.getElementById("charts");
  const figures = [...section.querySelectorAll("figure[data-metrics]")];
  const plots = new Map();
  let hours = 1;
  let asked = 0;
  let timer = 0;
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
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

  function options(figure, width) {
    const unit = figure.dataset.unit;
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
        { ...axis, space: 72, size: 30, gap: 8, values: (_, ticks) => ticks.map((at) => hour.format(at * 1000)) },
        { ...axis, space: 34, size: 44, values: (_, ticks) => ticks.map((value) => number.format(value)) },
      ],
      series: [{}, ...lines],
      hooks: { setCursor: [(plot) => last(figure, plot, unit)] },
    };
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
    figure.querySelector("[data-last]").textContent = known.length ? `${known.map((value) => number.format(value)).join(" / ")} ${unit}` : "–";
  }

  function draw(figure, answer) {
    const lines = figure.dataset.metrics.split(" ").map((metric) => answer.series[metric]).filter((line) => line && line[0].length);
    const box = figure.querySelector(".plot");
    figure.classList.toggle("hidden", !lines.length);
    if (!lines.length) return;
    const data = lines.length === 1 ? lines[0] : uPlot.join(lines, lines.map(() => [1, 1]));
    plots.get(figure)?.destroy();
    const plot = new uPlot(options(figure, Math.max(120, box.clientWidth)), data, box);
    plot.setScale("x", { min: answer.start, max: answer.end });
    plots.set(figure, plot);
    last(figure, plot, figure.dataset.unit);
  }

  async function load() {
    clearTimeout(timer);
    timer = 0;
    asked = performance.now();
    const answer = await fetch(`${section.dataset.series}?hours=${hours}`).catch(() => null);
    if (!answer || !answer.ok) return;
    const series = await answer.json();
    for (const figure of figures) draw(figure, series);
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
