// Says how many answers of a sheet are there, beside Submit: an empty field counts as wrong.
import { fill, phrasesOf } from "./phrases.js";

export function countAnswers(root) {
  const line = root.querySelector("[data-answered]");
  const form = line?.closest("form");
  if (!form) return;
  const { answered } = phrasesOf(form);
  const count = () => {
    const names = new Map();
    for (const field of form.elements) {
      if (!field.name?.startsWith("a-")) continue;
      const isThere = ["radio", "checkbox"].includes(field.type) ? field.checked : field.value.trim() !== "";
      names.set(field.name, names.get(field.name) || isThere);
    }
    const there = [...names.values()].filter(Boolean).length;
    line.textContent = fill(answered, { there, all: names.size });
  };
  form.addEventListener("input", count);
  form.addEventListener("draft:fill", count);
  count();
}
