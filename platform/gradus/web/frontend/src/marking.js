// Marking by keys: a digit chooses a level of the criterion in hand and goes on to the next one.
import { isOff, setOff } from "./keys.js";

const form = document.querySelector("[data-marking]");
const criteria = [...form.querySelectorAll("[data-criterion]")];
const comment = form.querySelector("textarea");
const box = form.querySelector("[data-keys-on]");

const radios = (criterion) => [...criterion.querySelectorAll("input[type=radio]")];
const isOpen = (criterion) => !radios(criterion).some((radio) => radio.checked);

box.checked = !isOff();
box.addEventListener("change", () => setOff(!box.checked));

// The one that has the focus; else the first without a level, else the first.
function inHand() {
  return document.activeElement.closest("[data-criterion]") ?? criteria.find(isOpen) ?? criteria[0];
}

function goTo(criterion) {
  const own = radios(criterion);
  (own.find((radio) => radio.checked) ?? own[0]).focus();
}

function choose(number) {
  const criterion = inHand();
  const radio = radios(criterion)[number - 1];
  if (!radio) return false;
  radio.checked = true;
  const next = criteria[criteria.indexOf(criterion) + 1];
  if (next) goTo(next);
  else radio.focus();
  return true;
}

function act(key) {
  if (/^[1-9]$/.test(key)) return choose(Number(key));
  if (key === "c") return comment.focus() ?? true;
  const link = { n: "next", p: "prev" }[key];
  const found = link && document.querySelector(`a[rel=${link}]`);
  if (!found) return false;
  found.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.key === "Escape" && event.target === comment) return goTo(criteria.find(isOpen) ?? criteria[0]);
  const isTyping = event.target.closest("textarea, select, input:not([type=radio])");
  if (isTyping || isOff() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (act(event.key)) event.preventDefault();
});

goTo(criteria.find(isOpen) ?? criteria[0]);
