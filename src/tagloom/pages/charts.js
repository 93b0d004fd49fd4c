"use strict";

// Draws the page's charts in the colours of its style sheet: those in sight first, the others when nothing else is to be
// done, and all of them again when light turns to dark. Plotly is a text until the first chart needs it.
{
  const options = { displayModeBar: false, responsive: true, typesetMath: false };
  const waiting = new Set(document.querySelectorAll("[data-chart]"));
  const drawn = new Set();
  const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));
  let figures = null;

  function load() {
    if (figures !== null) return;
    figures = JSON.parse(document.getElementById("charts").textContent);
    const script = document.createElement("script");
    script.textContent = document.getElementById("library").textContent;
    document.head.append(script);
  }

  function inTheme(value, key = "") {
    if (Array.isArray(value)) {
      return /color/.test(key) || typeof value[0] === "object" ? value.map((each) => inTheme(each, key)) : value;
    }
    if (value !== null && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inTheme(each, name)]));
    }
    const named = /color/.test(key) && typeof value === "string" && value.startsWith("--");
    return named ? getComputedStyle(document.documentElement).getPropertyValue(value).trim() : value;
  }

  function titled(axis) {
    return axis.title ? { ...axis, title: { font: { size: 13 }, ...axis.title } } : axis;
  }

  function laidOut(layout) {
    const axis = {
      gridcolor: "--line", zerolinecolor: "--line", linecolor: "--line",
      ticks: "outside", ticklen: 6, tickcolor: "rgba(0,0,0,0)",
      fixedrange: true,
    };
    return inTheme({
      ...layout,
      autosize: true,
      dragmode: false,
      margin: { l: 56, r: 28, t: 16, b: 44, ...layout.margin },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: "--text" },
      hoverlabel: { bgcolor: "--surface", bordercolor: "--line", font: { color: "--text" }, align: "left" },
      xaxis: { ...axis, ...titled(layout.xaxis) },
      yaxis: { ...axis, ...titled(layout.yaxis) },
    });
  }

  function draw(place) {
    load();
    waiting.delete(place);
    drawn.add(place);
    const { data, layout } = figures[Number(place.dataset.chart)];
    Plotly.react(place, data.map((trace) => inTheme(trace)), laidOut(layout), options);
  }

  function drawTheRest() {
    const [next] = waiting;
    if (next === undefined) return;
    draw(next);
    whenIdle(drawTheRest, { timeout: 500 });
  }

  function start() {
    const inSight = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting && waiting.has(target)) draw(target);
        if (drawn.has(target)) inSight.unobserve(target);
      }
    }, { rootMargin: "300px" });
    for (const place of waiting) inSight.observe(place);
    whenIdle(drawTheRest, { timeout: 500 });
  }

  document.addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(start)));
  window.addEventListener("beforeprint", () => [...waiting].forEach(draw));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach(draw));
}
