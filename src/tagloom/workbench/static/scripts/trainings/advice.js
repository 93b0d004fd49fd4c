// What a run's diagnosis advises, with buttons that lead to where it is done.

import { element } from "../elements.js";

const ROLES = ["viewer", "annotator", "admin"];

/** Shows pieces of advice, with buttons for who has the role; nothing where there are none. */
export function showAdvice(place, advice, role) {
  const may = (needed) => ROLES.indexOf(role) >= ROLES.indexOf(needed);
  place.hidden = advice.length === 0;
  place.querySelector(".blocks").replaceChildren(...advice.map((one) => element("article", { class: `note ${one.severity}` },
    element("h3", {}, element("span", { class: "severity" }, one.severity), ` ${one.title}`),
    element("p", {}, one.evidence),
    element("ol", { class: "actions" }, one.actions.map((action) => element("li", {},
      element("span", { class: "what" }, action.text),
      action.address && may(action.role) && element("a", { class: "button", href: action.address }, action.button),
      action.command && element("details", { class: "by-command" }, element("summary", {}, "On the command line"),
        element("div", { class: "command" }, element("code", {}, action.command), element("button", { type: "button", class: "copy" }, "Copy")))))))));
}
