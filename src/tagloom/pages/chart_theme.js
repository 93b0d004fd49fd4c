"use strict";

/** What plotly takes to draw a figure as a page looks: `Plotly.react(place, ...chartTheme(figure))`. */
const chartTheme = (() => {
  const options = { displayModeBar: false, responsive: true, typesetMath: false };

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

  return ({ data, layout }) => [data.map((trace) => inTheme(trace)), laidOut(layout), options];
})();
