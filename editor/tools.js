// What the editor can do: its keys, its gutters, and what it knows of the language.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentService } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { completionsFrom } from "./completion.js";
import { looks } from "./looks.js";
import { problemKeys } from "./problems.js";

// Tab is in none of them: whoever has no mouse must get out.
const KEYS = [
  ...problemKeys,
  ...closeBracketsKeymap,
  ...defaultKeymap,
  ...searchKeymap,
  ...historyKeymap,
  ...foldKeymap,
  ...completionKeymap,
  ...lintKeymap,
];

// Below a key without a value its value begins, one step further in; elsewhere the language knows.
const stepIn = indentService.of((context, at) => {
  const { text, from } = context.lineAt(at, -1);
  const key = /^(\s*(?:- +)*)[^\s#].*:\s*(?:#.*)?$/.exec(text.slice(0, at - from));
  return key ? key[1].length + context.unit : undefined;
});

/** All that makes a text field an editor; schema: promises the schema, or null where it could not be loaded. */
export const tools = (schema) => [
  lineNumbers(),
  lintGutter(),
  foldGutter({ openText: "▾", closedText: "▸" }),
  history(),
  yaml(),
  stepIn,
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  // Few at a time, and the others page by page: a list that scrolls within would have to be a stop of Tab.
  autocompletion({ override: [completionsFrom(schema)], icons: false, maxRenderedOptions: 10 }),
  search({ top: true }),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  highlightSpecialChars(),
  EditorView.lineWrapping,
  keymap.of(KEYS),
  looks,
];
