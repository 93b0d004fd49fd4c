"use strict";

// Draws the page's charts in the colours of its style sheet: those in sight first, the others when nothing else is to be
// done, and all of them again when light turns to dark. Plotly is a text until the first chart needs it.
{
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

  function draw(place) {
    load();
    waiting.delete(place);
    drawn.add(place);
    Plotly.react(place, ...chartTheme(figures[Number(place.dataset.chart)]));
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
