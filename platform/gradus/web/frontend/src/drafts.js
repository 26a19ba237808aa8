// Keeps what a person types in a form[data-draft]. Where the form names an address (data-draft-url) it is
// saved there, for every device; this browser keeps only what the server has not yet taken. Without an
// address (practice) this browser is all there is. data-draft is the key (person and item).
import { forgetAll, forgetOld, load, restore, store } from "./local.js";
import { fill, phrasesOf } from "./phrases.js";
import { saveOnServer } from "./server_drafts.js";

export { forgetAll as forgetDrafts };

function keepHere(form) {
  const status = document.querySelector("[data-draft-status]");
  const phrases = phrasesOf(form);
  const say = (text) => status && (status.textContent = text);
  const stored = load(form);
  if (stored && stored.at > Number(form.dataset.draftSince || 0)) {
    restore(form, stored.values);
    say(phrases.restored);
  }
  let timer;
  const save = () => {
    timer = undefined;
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    say(store(form) ? fill(phrases.kept, { time }) : phrases.keepsNone);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  });
  addEventListener("pagehide", () => timer && save());
}

export function keepDrafts(root) {
  forgetOld();
  for (const form of root.querySelectorAll("form[data-draft]")) {
    if (form.dataset.draftUrl) saveOnServer(form);
    else keepHere(form);
  }
}
