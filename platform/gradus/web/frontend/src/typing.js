// What the editor needs once somebody writes: undo, keys, closing brackets, completion, search. Loaded
// when it gets the focus, so that a page to read is light.
import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { globalCompletion, localCompletionSource } from "@codemirror/lang-python";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { keymap } from "@codemirror/view";

export const typing = (language) => [
  history(),
  closeBrackets(),
  autocompletion(),
  language.data.of({ autocomplete: localCompletionSource }),
  language.data.of({ autocomplete: globalCompletion }),
  highlightSelectionMatches(),
  keymap.of([...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, indentWithTab, ...defaultKeymap]),
];
