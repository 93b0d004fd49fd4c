// Figures drawn by plotly in the page's colours, light or dark. Plotly comes when the first one is to be drawn.

const drawn = new Map();
let coming = null;

function script(name) {
  return new Promise((done, failed) => {
    const made = document.createElement("script");
    made.src = new URL(name, import.meta.url).pathname;
    made.addEventListener("load", done);
    made.addEventListener("error", () => failed(new Error("The charts cannot be loaded. Load the page anew.")));
    document.head.append(made);
  });
}

function library() {
  coming ??= Promise.all([script("../plotly.js"), script("chart_theme.js")]);
  return coming;
}

/** Draws a figure, `{data, layout}`, in place of what was drawn there: only what is new in it changes. */
export async function draw(place, figure) {
  drawn.set(place, figure);
  await library();
  if (place.isConnected && drawn.get(place) === figure) await Plotly.react(place, ...chartTheme(figure));
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const [place, figure] of drawn) {
    if (place.isConnected) draw(place, figure); else drawn.delete(place);
  }
});
