// Typesets every .math element. The TeX source is the element's text, so a page reads without this too.
import katex from "katex";
import "katex/dist/katex.min.css";

import { reachable } from "./parts.js";
import { phrasesOf } from "./phrases.js";

const { formula } = phrasesOf(document.querySelector("main"));
const options = {
  throwOnError: false,
  strict: "ignore",
  trust: false, // no \href, no \htmlStyle
  maxSize: 20, // em; a rule cannot cover the page
  maxExpand: 300,
};

function typeset(root) {
  for (const element of root.querySelectorAll(".math:not([data-done])")) {
    element.dataset.done = "";
    const displayMode = element.classList.contains("block") || element.classList.contains("display");
    katex.render(element.textContent, element, { ...options, displayMode });
    if (displayMode) reachable(element, formula);
  }
}

typeset(document);
document.addEventListener("htmx:afterSwap", (event) => typeset(event.target.parentNode ?? document));
