// Saves a form on the server while one writes: 3 s after the last change, at the latest after 20 s, when
// the focus leaves a field, and before the page goes. One request at a time. What could not be sent waits
// in this browser and is sent when the page is opened again.
import { entries, forget, load, restore, store, values } from "./local.js";
import { toast } from "./parts.js";
import { fill, phrasesOf } from "./phrases.js";

const pauseMs = 3000;
const longestMs = 20_000;
const retryMs = 15_000;

export function saveOnServer(form) {
  const draft = new Draft(form);
  draft.begin();
}

class Draft {
  constructor(form) {
    this.form = form;
    this.phrases = phrasesOf(form);
    this.url = form.dataset.draftUrl;
    this.status = document.querySelector("[data-draft-status]");
    this.told = document.querySelector("[data-draft-told]");
    this.box = document.querySelector("[data-draft-conflict]");
    this.savedAt = form.dataset.draftAge ? Date.now() - 1000 * Number(form.dataset.draftAge) : 0;
    this.isDirty = false;
    this.isSending = false;
    this.conflict = null; // the other version, while one must choose
    this.why = "";
    this.hasFailed = false; // the last save
    this.timer = 0;
    this.firstChange = 0;
    this.lookedAt = 0;
  }

  begin() {
    this.takeUp();
    this.form.addEventListener("input", (event) => event.target.name !== "typed" && this.changed());
    this.form.addEventListener("focusout", () => this.isDirty && this.send());
    this.form.addEventListener("draft:act", (event) => {
      this.why = event.detail;
      this.changed();
      this.send();
    });
    addEventListener("submit", (event) => event.target === this.form && !event.defaultPrevented && this.leave());
    addEventListener("pagehide", () => this.beacon());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.beacon() : this.look()));
    addEventListener("focus", () => this.look());
    addEventListener("pageshow", (event) => event.persisted && this.look());
    addEventListener("online", () => this.isDirty && this.send());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      this.isDirty = true;
      this.send();
    });
    this.box?.addEventListener("click", (event) => {
      if (event.target.closest("[data-draft-mine]")) this.keepMine();
      if (event.target.closest("[data-draft-theirs]")) this.takeTheirs();
    });
    setInterval(() => this.say(), 5000);
    this.say();
  }

  // What this browser has kept because the server could not take it.
  takeUp() {
    const stored = load(this.form);
    if (!stored) return;
    if (JSON.stringify(stored.values) === JSON.stringify(values(this.form))) return forget(this.form);
    restore(this.form, stored.values);
    if (stored.revision !== undefined) this.revision = stored.revision;
    this.changed();
    this.send(); // the server knows whether it has it, and whether another device has gone on since
  }

  get field() {
    return this.form.elements["draft-revision"];
  }

  get revision() {
    return Number(this.field.value);
  }

  set revision(value) {
    this.field.value = value;
  }

  changed() {
    this.isDirty = true;
    this.firstChange ||= Date.now();
    clearTimeout(this.timer);
    const left = Math.max(0, this.firstChange + longestMs - Date.now());
    this.timer = setTimeout(() => this.send(), Math.min(pauseMs, left));
    clearTimeout(this.storing);
    this.storing = setTimeout(() => this.isDirty && this.keepHere(), 400);
    this.say();
  }

  keepHere() {
    return store(this.form, { revision: this.revision });
  }

  body() {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "draft-page", "draft-revision"]) {
      data.set(name, this.form.elements[name].value);
    }
    for (const field of entries(this.form)) {
      if (!["radio", "checkbox"].includes(field.type) || field.checked) data.append(field.name, field.value);
    }
    data.set("script", "1");
    if (this.why) data.set("why", this.why);
    return data;
  }

  async send() {
    clearTimeout(this.timer);
    if (!this.isDirty || this.isSending || this.conflict) return;
    const sent = JSON.stringify(values(this.form));
    this.isSending = true;
    this.firstChange = 0;
    this.hasFailed = false;
    this.say(this.phrases.saving);
    let wait = 0;
    try {
      const answer = await fetch(this.url, { method: "POST", body: this.body(), redirect: "error" });
      const said = await answer.json();
      if (answer.status === 409 && said.html) this.ask(said);
      else if (answer.status === 409 && said.fields) this.follow(said);
      else if (answer.ok) this.took(said, sent);
      else wait = this.failed(said.error, Number(answer.headers.get("retry-after")));
    } catch {
      wait = this.failed(this.phrases.isCutOff);
    }
    this.isSending = false;
    if (this.isDirty && !this.conflict) this.timer = setTimeout(() => this.send(), wait || pauseMs);
  }

  took(said, sent) {
    this.revision = said.revision;
    this.savedAt = Date.now();
    this.why = "";
    this.isDirty = JSON.stringify(values(this.form)) !== sent;
    if (!this.isDirty) {
      clearTimeout(this.storing);
      forget(this.form);
    }
    this.tell("");
    this.say();
  }

  failed(reason, seconds = 0) {
    const { failed, failedButKept, isBusy } = this.phrases;
    const text = fill(this.keepHere() ? failedButKept : failed, { reason: (reason || isBusy).replace(/\.$/, "") });
    this.hasFailed = true;
    this.say(text);
    this.tell(text);
    return seconds ? 1000 * seconds : retryMs;
  }

  ask(said) {
    this.conflict = { ...said, seen: JSON.stringify(values(this.form)) };
    this.box.innerHTML = said.html;
    this.keepHere();
    this.say();
  }

  settle() {
    this.revision = this.conflict.revision;
    this.conflict = null;
    this.box.replaceChildren();
    (this.form.querySelector(".cm-content") ?? entries(this.form)[0])?.focus();
  }

  keepMine() {
    this.why = "restored"; // so that the other version joins the history, whatever its age
    this.isDirty = true;
    this.settle();
    this.send();
  }

  // Back on a page on which nothing is unsaved: has another device gone on?
  async look() {
    if (this.isDirty || this.isSending || this.conflict || Date.now() - this.lookedAt < longestMs / 4) return;
    this.lookedAt = Date.now();
    const seen = JSON.stringify(values(this.form));
    let said;
    try {
      said = await (await fetch(`${this.url}now/`, { redirect: "error" })).json();
    } catch {
      return; // the next save says so
    }
    const isUntouched = !this.isDirty && !this.isSending && JSON.stringify(values(this.form)) === seen;
    if (!isUntouched || !(said.revision > this.revision)) return;
    this.follow(said);
  }

  // What is here was saved before, and another device has gone on from it.
  follow(said) {
    this.revision = said.revision;
    this.savedAt = Date.now();
    this.why = "";
    forget(this.form);
    this.replaceAll(said.fields, this.phrases.hasGoneOn);
  }

  // What was typed since the question goes to the server first, so that it is in the history too.
  async takeTheirs() {
    const { fields, seen } = this.conflict;
    if (JSON.stringify(values(this.form)) !== seen) {
      try {
        await fetch(this.url, { method: "POST", body: this.body(), redirect: "error" });
      } catch {
        return toast(this.phrases.bothAreHere);
      }
    }
    this.isDirty = false; // the button that goes takes the focus out of the form, which saves
    this.settle();
    forget(this.form);
    this.savedAt = Date.now();
    this.replaceAll(fields, this.phrases.otherIsHere);
  }

  replaceAll(fields, words) {
    const before = values(this.form);
    this.fill(fields);
    const isNew = JSON.stringify(values(this.form)) !== JSON.stringify(before);
    this.isDirty = false;
    clearTimeout(this.timer);
    this.say();
    if (!isNew) return;
    toast(words, this.phrases.undo, () => {
      restore(this.form, before);
      this.show();
    });
  }

  fill(fields) {
    for (const field of entries(this.form)) {
      const mine = fields.filter(([name]) => name === field.name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(field.type)) field.checked = mine.includes(field.value);
      else if (mine.length) field.value = mine[0];
    }
    this.form.dispatchEvent(new CustomEvent("draft:fill"));
  }

  // After an undo: the editor follows its field, and what is there is to be saved.
  show() {
    this.why = "restored";
    this.form.dispatchEvent(new CustomEvent("draft:fill"));
    this.changed();
  }

  beacon() {
    if (!this.isDirty) return;
    this.keepHere();
    navigator.sendBeacon(this.url, this.body());
  }

  // A Submit carries the draft along.
  leave() {
    clearTimeout(this.timer);
    if (this.isDirty) this.keepHere();
    this.isDirty = false;
  }

  say(text) {
    if (!this.status) return;
    if (text) this.status.textContent = text;
    else if (this.conflict) this.status.textContent = this.phrases.twoVersions;
    else if (!this.isDirty && this.savedAt) this.status.textContent = this.saved();
    else if (this.isDirty && !this.hasFailed) this.status.textContent = this.phrases.unsaved;
  }

  saved() {
    const { savedSeconds, savedMinutes, savedAt } = this.phrases;
    const seconds = Math.max(1, Math.round((Date.now() - this.savedAt) / 1000));
    if (seconds < 60) return fill(savedSeconds, { count: seconds });
    if (seconds < 3600) return fill(savedMinutes, { count: Math.floor(seconds / 60) });
    const shown = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const day = seconds < 86400 ? {} : { day: "numeric", month: "short" };
    return fill(savedAt, { when: new Date(this.savedAt).toLocaleString([], { ...day, ...shown }) });
  }

  tell(text) {
    if (this.told && this.told.textContent !== text) this.told.textContent = text;
  }
}
