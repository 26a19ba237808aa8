// What is typed in a form, kept in this browser.
const prefix = "gradus.draft.";
const monthMs = 30 * 24 * 3600 * 1000;
const notTyped = ["hidden", "file", "submit", "button"];

export function entries(form) {
  return [...form.elements].filter((field) => field.name && !notTyped.includes(field.type) && field.name !== "typed");
}

export function values(form) {
  return entries(form).map((field) =>
    ["radio", "checkbox"].includes(field.type)
      ? [field.name, field.value, field.checked]
      : [field.name, field.value],
  );
}

export function restore(form, stored) {
  for (const [name, value, checked] of stored) {
    for (const field of entries(form)) {
      if (field.name !== name) continue;
      if (checked === undefined) field.value = value;
      else if (field.value === value) field.checked = checked;
    }
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function load(form) {
  return read(prefix + form.dataset.draft);
}

export function store(form, more = {}) {
  try {
    localStorage.setItem(prefix + form.dataset.draft, JSON.stringify({ at: Date.now(), values: values(form), ...more }));
    return true;
  } catch {
    return false;
  }
}

export function forget(form) {
  try {
    localStorage.removeItem(prefix + form.dataset.draft);
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}

function keys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

export function forgetAll() {
  for (const key of keys()) localStorage.removeItem(key);
}

export function forgetOld() {
  for (const key of keys()) if (Date.now() - (read(key)?.at ?? 0) > monthMs) localStorage.removeItem(key);
}
