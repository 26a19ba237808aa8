// Keeps what a person types in a form[data-draft] in this browser until the server has something newer.
// data-draft is the key (person and item); data-draft-since is when the server's content was sent (ms).
const prefix = "gradus.draft.";
const monthMs = 30 * 24 * 3600 * 1000;

function entries(form) {
  return [...form.elements].filter(
    (field) => field.name && !["hidden", "file", "submit", "button"].includes(field.type),
  );
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(prefix + key));
  } catch {
    return null;
  }
}

function values(form) {
  return entries(form).map((field) =>
    ["radio", "checkbox"].includes(field.type)
      ? [field.name, field.value, field.checked]
      : [field.name, field.value],
  );
}

function restore(form, stored) {
  for (const [name, value, checked] of stored) {
    for (const field of entries(form)) {
      if (field.name !== name) continue;
      if (checked === undefined) field.value = value;
      else if (field.value === value) field.checked = checked;
    }
  }
}

function say(form, text) {
  for (const status of document.querySelectorAll("[data-draft-status]")) status.textContent = text;
}

function save(form) {
  const now = new Date();
  try {
    localStorage.setItem(prefix + form.dataset.draft, JSON.stringify({ at: now.getTime(), values: values(form) }));
    const time = now.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    say(form, `Draft saved ${time}`);
  } catch {
    say(form, "This browser keeps no drafts");
  }
}

export function forgetDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) localStorage.removeItem(key);
}

export function keepDrafts(root) {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(prefix) && Date.now() - (read(key.slice(prefix.length))?.at ?? 0) > monthMs) {
      localStorage.removeItem(key);
    }
  }
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const stored = read(form.dataset.draft);
    if (stored && stored.at > Number(form.dataset.draftSince || 0)) {
      restore(form, stored.values);
      say(form, "Draft restored");
    }
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => save(form), 400);
    });
    addEventListener("pagehide", () => {
      if (timer) save(form);
    });
  }
}
