"use strict";

// Draws the page's charts in the colours of its style sheet, and again when light turns to dark.

const charts = JSON.parse(document.getElementById("charts").textContent);
const options = { displayModeBar: false, responsive: true, typesetMath: false };

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function inColours(layout) {
  const axis = {
    gridcolor: colour("--line"),
    zerolinecolor: colour("--line"),
    ticks: "outside", ticklen: 6, tickcolor: "rgba(0,0,0,0)",
    fixedrange: true,
  };
  return {
    ...layout,
    autosize: true,
    margin: { l: 56, r: 28, t: 16, b: 44 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: colour("--text") },
    hoverlabel: { bgcolor: colour("--surface"), bordercolor: colour("--line"), font: { color: colour("--text") } },
    xaxis: { ...axis, ...layout.xaxis },
    yaxis: { ...axis, ...layout.yaxis },
  };
}

function draw() {
  for (const place of document.querySelectorAll("[data-chart]")) {
    const { data, layout } = charts[Number(place.dataset.chart)];
    Plotly.react(place, data, inColours(layout), options);
  }
}

draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
