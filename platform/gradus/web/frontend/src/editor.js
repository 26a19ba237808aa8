// Turns textarea[data-editor] into a Python editor. The textarea stays the form field of truth: each
// change is written back, so forms, drafts and htmx need not know that the editor exists.
import { pythonLanguage } from "@codemirror/lang-python?language";
import {
  bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration, EditorView, crosshairCursor, drawSelection, dropCursor, highlightActiveLine, highlightActiveLineGutter,
  highlightSpecialChars, keymap, lineNumbers, rectangularSelection,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

import "./console.js";
import { withoutOutputs } from "./notebook.js";
import { download, toast } from "./parts.js";
import { fill, phrasesOf } from "./phrases.js";

const markLines = StateEffect.define();
const markedLines = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(markLines)) continue;
      const doc = transaction.state.doc;
      const lines = effect.value.filter((n) => n >= 1 && n <= doc.lines).sort((a, b) => a - b);
      next = Decoration.set(lines.map((n) => Decoration.line({ class: "cm-raised" }).range(doc.line(n).from)));
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--surface)", color: "var(--text)", fontSize: "var(--fs-2)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", fontVariantLigatures: "none" },
  ".cm-content": { caretColor: "var(--text)", paddingBlock: "12px" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-3)", border: "0", minWidth: "3rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--ink) 6%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--ink) 24%, transparent) !important",
  },
  ".cm-panels, .cm-tooltip": {
    backgroundColor: "var(--raised)", color: "var(--text)", borderColor: "var(--line-strong)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--ink-fill)", color: "var(--on-ink)" },
  ".cm-matchingBracket": { backgroundColor: "var(--ink-wash) !important", outline: "1px solid var(--ink)" },
  ".cm-raised": { backgroundColor: "var(--part-wash)", boxShadow: "inset 3px 0 var(--part)" },
  ".cm-searchMatch": { backgroundColor: "var(--part-wash)", outline: "1px solid var(--part)" },
});

// What one sees; what one writes with is in typing.js.
const basics = [
  lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), foldGutter(), drawSelection(),
  dropCursor(), EditorState.allowMultipleSelections.of(true), indentOnInput(), bracketMatching(),
  rectangularSelection(), crosshairCursor(), highlightActiveLine(),
  keymap.of(foldKeymap),
];

// Escape, then Tab leaves the editor, also where that Escape closed a list of completions.
const leaving = EditorView.domEventObservers({
  keydown: (event, view) => {
    if (event.key === "Escape") view.setTabFocusMode(2000);
  },
});

function press(form, selector) {
  const button = form.querySelector(selector);
  if (button && button.getAttribute("aria-disabled") !== "true") button.click();
  return true;
}

function keys(form) {
  return Prec.highest(
    keymap.of([
      { key: "Ctrl-Enter", mac: "Mod-Enter", run: () => press(form, "[data-run]") },
      { key: "Ctrl-Shift-Enter", mac: "Mod-Shift-Enter", run: () => press(form, "[data-submit]") },
    ]),
  );
}

function mount(area) {
  const nonce = document.querySelector("script[nonce]")?.nonce ?? "";
  const sync = EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    area.value = update.state.doc.toString();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const later = new Compartment();
  const view = new EditorView({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(nonce),
      EditorState.phrases.of(phrasesOf(area)),
      keys(area.form),
      leaving,
      later.of([]),
      basics,
      area.dataset.language === "text" ? EditorView.lineWrapping : pythonLanguage,
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      syntaxHighlighting(classHighlighter),
      EditorView.contentAttributes.of({ tabindex: "0", "aria-label": area.dataset.editor, "aria-describedby": "editor-keys" }),
      markedLines,
      theme,
      sync,
    ],
  });
  const whenFocused = () => view.contentDOM.addEventListener("focus", load, { once: true });
  const load = () =>
    import("./typing.js").then(({ typing }) => {
      view.dispatch({ effects: later.reconfigure(typing(pythonLanguage)) });
      view.dom.dataset.typing = "";
    }, whenFocused); // no connection: the next focus tries again
  whenFocused();
  view.dom.addEventListener("pointerenter", () => import("./typing.js").catch(() => {}), { once: true });
  area.before(view.dom);
  area.hidden = true;
  area.removeAttribute("id");
  return view;
}

function replace(view, text) {
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
}

// Replaces everything by one act that can be undone; the server keeps what was there in the history.
function act(view, form, text, what, words) {
  const before = view.state.doc.toString();
  if (before === text) return toast(words);
  const tell = (why) => form.dispatchEvent(new CustomEvent("draft:act", { detail: why }));
  replace(view, text);
  tell(what);
  toast(words, phrasesOf(form).undo, () => {
    replace(view, before);
    tell("restored");
  });
}

// What a chosen file holds, or why it cannot be code; the same rules as in SourceForm.
async function pythonText(file, mostBytes, phrases) {
  const { name } = file;
  const kilobytes = (bytes) => Math.ceil(bytes / 1000);
  if (file.size > mostBytes) {
    return { refused: fill(phrases.tooLarge, { name, size: kilobytes(file.size), most: kilobytes(mostBytes) }) };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
    if (!text.trim()) return { refused: fill(phrases.isEmpty, { name }) };
    if (text.includes("\0")) return { refused: fill(phrases.isNoText, { name }) };
    return { text: text.replaceAll("\r\n", "\n") };
  } catch {
    return { refused: fill(phrases.isNoUtf8, { name }) };
  }
}

async function upload(view, input) {
  const [file] = input.files;
  if (!file) return;
  const form = input.form;
  const phrases = phrasesOf(form);
  if (file.name.toLowerCase().endsWith(".ipynb")) {
    const { book, refused } = await withoutOutputs(file, phrases);
    if (refused) {
      input.value = "";
      return toast(refused);
    }
    input.files = book;
    return form.requestSubmit(form.querySelector("[data-upload]")); // a page to choose cells on
  }
  const { text, refused } = await pythonText(file, Number(input.dataset.maxBytes), phrases);
  if (refused) toast(`${refused} ${phrases.isUnchanged}`);
  else act(view, form, text, "upload", fill(phrases.isHere, file));
  input.value = ""; // the text travels in the textarea
}

for (const area of document.querySelectorAll("textarea[data-editor]")) {
  const view = mount(area);
  const form = area.form;
  const starter = document.querySelector("template[data-starter]")?.content.textContent ?? "";
  form.addEventListener("draft:fill", () => replace(view, area.value));
  const reset = () => act(view, form, starter, "reset", phrasesOf(form).isReset);
  form.querySelector("[data-reset]")?.addEventListener("click", reset);
  form.querySelector("[data-download]")?.addEventListener("click", (event) => {
    event.preventDefault();
    download(area.dataset.filename, view.state.doc.toString());
  });
  // The keys that the buttons name work on the whole page; in the editor its own keymap comes first.
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    press(form, event.shiftKey ? "[data-submit]" : "[data-run]");
  });
  const input = form.querySelector("input[type=file]");
  input?.addEventListener("change", () => upload(view, input));
  if (input) addEventListener("pageshow", () => (input.value = "")); // a notebook that was looked at
  document.addEventListener("htmx:afterSwap", () => {
    const lines = [...document.querySelectorAll("[data-raised-line]")].map((e) => Number(e.dataset.raisedLine));
    view.dispatch({ effects: markLines.of(lines) });
  });
}
