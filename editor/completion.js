// What can be typed next: keys and values that the schema has for the place of the cursor.
import { pickedCompletion, startCompletion } from "@codemirror/autocomplete";
import { getIndentUnit, indentString } from "@codemirror/language";
import { placeAt } from "./place.js";
import { keysAt, valuesAt } from "./schema.js";

/** A source of completions; fetched: promises the schema, or null where it could not be loaded. */
export function completionsFrom(fetched) {
  return async (context) => {
    const schema = await fetched;
    const place = schema && !context.aborted ? placeAt(context.state.doc.toString(), context.pos) : null;
    if (!place || !wanted(context, place)) return null;
    const options = place.keys ? keysFor(schema, place) : valuesFor(schema, place);
    const typed = context.state.sliceDoc(place.from, context.pos);
    // Enter would take what stands there already, where a new line is meant.
    if (!context.explicit && options.some((one) => one.label === typed)) return null;
    return options.length ? { from: place.from, options } : null;
  };
}

/** Nothing comes up by itself before a word is begun, save where a value or the next key has to follow. */
function wanted(context, place) {
  if (context.explicit || context.pos > place.from) return true;
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  return place.keys ? place.flow && /[{,]\s*$/.test(before) : /:[ ]+$/.test(before);
}

function keysFor(schema, place) {
  const free = keysAt(schema, place.path).filter((key) => !place.keys.includes(key.name));
  return free.map((key, index) => ({
    label: key.name,
    type: "property",
    detail: key.needed ? "needed" : undefined,
    info: key.description,
    sortText: order(index),
    apply: (view, option, from) => putKey(view, option, from, key, place),
  }));
}

function valuesFor(schema, place) {
  const values = valuesAt(schema, place.path).map((name) => ({ label: name, type: "enum" }));
  const inner = keysAt(schema, place.path).map((key) => key.name);
  if (inner.length) values.push({ label: "{ }", detail: inner.join(", "), type: "property", apply: putBraces });
  return values.map((one, index) => ({ ...one, sortText: order(index) }));
}

const order = (index) => String(index).padStart(4, "0");

/** Puts a key with what has to follow it, and asks at once for what may stand there. */
function putKey(view, option, from, key, place) {
  const rest = place.colon ? "" : restOf(view.state, from, key, place);
  const back = /[}\]]$/.test(rest) ? 1 : 0;
  put(view, option, { from, to: wordEnd(view.state), insert: key.name + rest }, back);
}

function restOf(state, from, key, { flow }) {
  if (flow) return { mapping: ": {}", list: ": []" }[key.shape] ?? ": ";
  if (key.shape !== "mapping") return key.shape === "list" ? ": []" : ": ";
  const column = from - state.doc.lineAt(from).from;
  return `:\n${indentString(state, column + getIndentUnit(state))}`;
}

function putBraces(view, option, from) {
  put(view, option, { from, to: wordEnd(view.state), insert: "{}" }, 1);
}

function put(view, option, change, back) {
  view.dispatch({
    changes: change,
    selection: { anchor: change.from + change.insert.length - back },
    scrollIntoView: true,
    userEvent: "input.complete",
    annotations: pickedCompletion.of(option),
  });
  startCompletion(view);
}

function wordEnd(state) {
  const { head } = state.selection.main;
  return head + /^\w*/.exec(state.sliceDoc(head, state.doc.lineAt(head).to))[0].length;
}
