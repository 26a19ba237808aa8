// Behaviours of every page. Nothing here is needed to read or to submit.
import { forgetDrafts, keepDrafts } from "./drafts.js";
import { keysHelp } from "./keys.js";
import { reachable } from "./parts.js";
import { fill, phrasesOf } from "./phrases.js";
import { countAnswers } from "./sheet.js";
import { splitPanes } from "./split.js";

document.documentElement.classList.add("js");
keepDrafts(document);
splitPanes(document);
keysHelp(document);
countAnswers(document);
if (document.querySelector("[data-marking]")) import("./marking.js");
const regions = phrasesOf(document.querySelector("main"));
for (const table of document.querySelectorAll(".prose table")) reachable(table, regions.table);
for (const block of document.querySelectorAll(".prose pre")) reachable(block, regions.code);

// One click, one submission: the button says so until the next page is there.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-drafts]")) forgetDrafts();
  const button = event.submitter;
  if (!button?.matches("[data-submit]")) return;
  if (button.getAttribute("aria-disabled") === "true") return event.preventDefault();
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[data-submit][aria-busy]")) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
});

// F8 goes from one failed check to the next, with focus, so that a screen reader follows.
document.addEventListener("keydown", (event) => {
  if (event.key !== "F8") return;
  const failed = [...document.querySelectorAll("[data-check=failed]")];
  if (!failed.length) return;
  event.preventDefault();
  const next = failed[(failed.indexOf(document.activeElement) + 1) % failed.length];
  next.tabIndex = -1;
  next.focus();
});

// A by-hand field says at once whether it can be read; the server decides with its own parser.
document.addEventListener("htmx:afterSwap", (event) => {
  const field = document.querySelector(`[hx-target="#${CSS.escape(event.target.id)}"]`);
  if (!field?.matches("input")) return;
  if (event.target.querySelector(".err")) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
});

// A mark belongs to the answer that was sent: it goes when the answer is changed.
document.addEventListener("input", (event) => event.target.closest("[data-marked]")?.removeAttribute("data-marked"));

// Live pages: say how old the shown state is, and that grading goes on when the connection is gone.
let updated = Date.now();
document.addEventListener("htmx:afterOnLoad", () => {
  updated = Date.now();
});
setInterval(() => {
  for (const age of document.querySelectorAll("[data-age]")) {
    const seconds = Math.round((Date.now() - updated) / 1000);
    age.textContent = fill(seconds < 10 ? age.dataset.age : age.dataset.oldAge, { count: Math.max(1, seconds) });
  }
}, 1000);

// The phone's jump links follow what is in view.
const jumps = [...document.querySelectorAll(".jump a")];
if (jumps.length) {
  const seen = new IntersectionObserver((records) => {
    for (const record of records) {
      if (!record.isIntersecting) continue;
      for (const link of jumps) {
        if (link.hash === `#${record.target.id}`) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }
  }, { rootMargin: "-40% 0px -55% 0px" });
  for (const link of jumps) {
    const target = document.querySelector(link.hash);
    if (target) seen.observe(target);
  }
}
