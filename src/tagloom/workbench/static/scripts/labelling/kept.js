// What the browser keeps of a page: as JSON, under a name. Where it keeps nothing, a page works all the same.

/** What was kept; `otherwise` where nothing was, or it cannot be read. */
export function recall(name, otherwise, storage = "localStorage") {
  try { return JSON.parse(globalThis[storage].getItem(name)) ?? otherwise; } catch { return otherwise; }
}

/** Keeps a value; gives whether there was room for it. */
export function keep(name, value, storage = "localStorage") {
  try {
    globalThis[storage].setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** Forgets what was kept. */
export function forget(name) { try { localStorage.removeItem(name); } catch { /* nothing was kept */ } }

/** The names of all that is kept and begins so. */
export function names(prefix) { try { return Object.keys(localStorage).filter((name) => name.startsWith(prefix)); } catch { return []; } }
