// Which documents are meant: in the page's address, so that it can be kept and sent, and in what the server is asked.

const MANY = ["state", "document"];
const SINGLE = ["label", "search", "by", "import", "certainty_below", "filter", "order"];

/** What an address says. */
export function fromAddress(search) {
  const given = new URLSearchParams(search);
  const choice = {};
  for (const name of MANY) choice[name] = given.getAll(name);
  for (const name of SINGLE) choice[name] = given.get(name) || "";
  return choice;
}

/** The same as parameters; `without` names some to leave out. */
export function parameters(choice, without = []) {
  const said = new URLSearchParams();
  for (const name of MANY) if (!without.includes(name)) for (const value of choice[name]) said.append(name, value);
  for (const name of SINGLE) if (!without.includes(name) && choice[name] && choice[name] !== "added") said.set(name, choice[name]);
  return said;
}

/** Whether it leaves any document out. */
export const isChosen = (choice) => parameters(choice, ["order"]).size > 0;

/** No filter, in the same order. */
export const everything = (choice) => ({ ...fromAddress(""), order: choice.order });
