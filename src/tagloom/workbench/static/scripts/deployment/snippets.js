// The same request in several languages, one at a time.

import { element } from "../elements.js";

/** `found`: the texts by language; `name`: what tells these tabs from those of others. */
export function snippetTabs(found, name) {
  const languages = Object.keys(found);
  const code = element("code", {});
  const box = element("div", { class: "command", id: `snippet-${name}`, role: "tabpanel", tabindex: "0" }, code, element("button", { type: "button", class: "copy" }, "Copy"));
  const tabs = languages.map((language) => element("button", {
    type: "button", role: "tab", id: `snippet-${name}-${language}`, "aria-controls": `snippet-${name}`, onclick: () => choose(language),
  }, language));
  const list = element("div", { class: "tabs-in", role: "tablist", "aria-label": "Languages", onkeydown: move }, tabs);

  function choose(language) {
    code.textContent = found[language];
    tabs.forEach((tab, place) => {
      const isChosen = languages[place] === language;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      if (isChosen) box.setAttribute("aria-labelledby", tab.id);
    });
  }

  function move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
    choose(languages[next]);
    tabs[next].focus();
    event.preventDefault();
  }

  choose(languages[0]);
  return element("div", {}, list, box, element("p", { class: "small" }, "The key is read from TAGLOOM_KEY: export TAGLOOM_KEY=… first."));
}
