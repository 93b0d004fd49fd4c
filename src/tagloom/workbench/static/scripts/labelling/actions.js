// What keys do on the page of labelling, with the keys that they have at first.

/** The actions, for `Keys`: what is done, said by its title, in groups. */
export function actionsOf({ hand, caret, page }) {
  const text = () => page.isInText();
  const isFor = (event) => event.key !== "Tab" || (text() && !hand.isLeaving);
  const moving = (id, key, step, title) => [
    { id: `caret-${id}`, group: "Without a mouse", title, keys: [key], run: () => text() && (caret.press(step), true) },
    { id: `widen-${id}`, group: "Without a mouse", keys: [`Shift+${key}`].map(shifted), run: () => text() && (caret.press(step, { extends: true }), true) },
  ];
  return [
    ...Array.from({ length: 20 }, (_, place) => ({
      id: `label-${place}`, group: "Labels", fixed: true,
      title: place === 0 ? "Choose a label by its number; what is meant gets it" : "", shown: "1 … 0",
      keys: [`${place < 10 ? "" : "Shift+"}${(place + 1) % 10}`], run: () => page.chooseLabel(place),
    })),
    { id: "menu", group: "Labels", title: "Find a label by its name", keys: ["l"], run: () => hand.openMenuHere() },
    { id: "all", group: "Labels", title: "Label every occurrence", keys: ["e"], run: () => hand.labelAll() },
    { id: "remove", group: "Labels", title: "Take the span away, or reject the suggestion", keys: ["Backspace", "Delete"], run: () => hand.remove() },
    { id: "end-later", group: "Labels", title: "The span ends a word later", keys: ["]"], run: () => hand.moveEdge(true, 1) },
    { id: "end-earlier", group: "Labels", title: "The span ends a word earlier", keys: ["["], run: () => hand.moveEdge(true, -1) },
    { id: "start-earlier", group: "Labels", title: "The span begins a word earlier", keys: ["{"], run: () => hand.moveEdge(false, -1) },
    { id: "start-later", group: "Labels", title: "The span begins a word later", keys: ["}"], run: () => hand.moveEdge(false, 1) },
    { id: "undo", group: "Labels", title: "Undo", keys: ["Ctrl+z"], run: () => page.undo() },
    { id: "redo", group: "Labels", title: "Do it again", keys: ["Ctrl+Shift+z", "Ctrl+y"], run: () => page.redo() },
    { id: "accept", group: "Suggestions", title: "Accept the suggestion", keys: ["a"], run: () => hand.accept() },
    { id: "reject", group: "Suggestions", title: "Reject the suggestion", keys: ["r"], run: () => hand.reject() },
    { id: "accept-all", group: "Suggestions", title: "Accept all", keys: ["Shift+a"], run: () => hand.acceptAll() },
    { id: "reject-all", group: "Suggestions", title: "Reject all", keys: ["Shift+r"], run: () => hand.rejectAll() },
    { id: "enter", group: "Without a mouse", title: "Label what the caret stands on", keys: ["Enter"], run: () => page.isFree() && hand.enter() },
    { id: "submit", group: "Documents", title: "Submit (Enter alone labels while the caret is shown)", keys: ["Ctrl+Enter", "Enter"], run: (event) => page.decide("submitted", event) },
    { id: "skip", group: "Documents", title: "Skip: it comes again at the end", keys: ["Ctrl+Space"], run: () => page.decide("skipped") },
    { id: "discard", group: "Documents", title: "Discard: nothing is learned from it", keys: ["Ctrl+Backspace"], run: () => page.decide("discarded") },
    { id: "next", group: "Documents", title: "Next", keys: ["Ctrl+ArrowRight", "j"], run: () => page.go("next") },
    { id: "previous", group: "Documents", title: "Previous", keys: ["Ctrl+ArrowLeft", "k"], run: () => page.go("previous") },
    ...moving("left", "ArrowLeft", "left", "A word to the left; with Shift as far as there"),
    ...moving("right", "ArrowRight", "right", "A word to the right"),
    ...moving("up", "ArrowUp", "up", "A line up"),
    ...moving("down", "ArrowDown", "down", "A line down"),
    ...moving("character-left", "Alt+ArrowLeft", "character-left", "A character to the left"),
    ...moving("character-right", "Alt+ArrowRight", "character-right", "A character to the right"),
    ...moving("line-start", "Home", "line-start", "The beginning of the paragraph"),
    ...moving("line-end", "End", "line-end", "The end of the paragraph"),
    ...moving("text-start", "Ctrl+Home", "text-start", "The beginning of the text"),
    ...moving("text-end", "Ctrl+End", "text-end", "The end of the text"),
    ...moving("page-up", "PageUp", "page-up", "A page up"),
    ...moving("page-down", "PageDown", "page-down", "A page down"),
    { id: "pick-up", group: "Without a mouse", title: "The span at the caret is meant", keys: ["Space"], run: () => text() && hand.pickUp() },
    { id: "next-span", group: "Without a mouse", title: "Next span or suggestion", keys: ["Tab", "Alt+."], run: (event) => isFor(event) && hand.step(1) },
    { id: "previous-span", group: "Without a mouse", title: "Span or suggestion before", keys: ["Shift+Tab", "Alt+,"], run: (event) => isFor(event) && hand.step(-1) },
    { id: "escape", group: "Without a mouse", title: "Back: the selection, the caret, the chosen label", keys: ["Escape"], run: () => hand.escape() },
    { id: "guidelines", group: "Page", title: "Fold the guidelines", keys: ["g"], run: () => page.fold("guidelines") },
    { id: "suggestions", group: "Page", title: "Show or hide suggestions of the model", keys: ["s"], run: () => page.toggleSuggestions() },
    { id: "help", group: "Page", title: "This list", keys: ["?"], run: () => page.help() },
  ];
}

/** Modifiers in the order that presses are named in. */
const shifted = (name) => {
  const parts = new Set(name.split("+"));
  const order = ["Ctrl", "Alt", "Shift"].filter((part) => parts.delete(part));
  return [...order, ...parts].join("+");
};
