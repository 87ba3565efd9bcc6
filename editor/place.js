// Where in a YAML text a cursor stands: what the tree says once the half-typed word there is whole.
import { yamlLanguage } from "@codemirror/lang-yaml";

const PROBE = "probe";
const QUIET = new Set(["Comment", "QuotedLiteral", "BlockLiteralContent", "BlockLiteralHeader"]);
const FLOW = new Set(["FlowMapping", "FlowSequence"]);

/**
 * The place of a cursor, or null where nothing can be completed (in a comment, a quoted text, ...).
 *
 * from, to: the word at the cursor; path: of the mapping where a key is typed, else of the value; keys: those that
 * the mapping has besides; colon: whether one follows already; flow: whether it is within {} or [].
 */
export function placeAt(text, at) {
  const before = text.slice(0, at);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const from = at - /\w*$/.exec(line)[0].length;
  const to = at + /^\w*/.exec(text.slice(at))[0].length;
  const colon = /^[ \t]*:(?=\s|$)/.test(text.slice(to));
  const found = parsed(text, from, to, PROBE);
  if (found.within.some((name) => QUIET.has(name))) return null;
  const flow = found.within.some((name) => FLOW.has(name));
  const opens = /^[ \t]*(?:- +)*\w*$/.test(line);
  // In a block a word alone on its line is a key that has no colon yet.
  const place = !flow && opens && !colon ? parsed(text, from, to, `${PROBE}: `) : found;
  return { from, to, colon, flow, ...told(place) };
}

function parsed(text, from, to, probe) {
  const whole = text.slice(0, from) + probe + text.slice(to);
  const node = yamlLanguage.parser.parse(whole).resolveInner(from + 1);
  const within = [];
  for (let one = node; one; one = one.parent) within.push(one.name);
  return { whole, node, within };
}

function told({ whole, node }) {
  const path = [];
  let keys = null;
  for (let one = node, child = null; one; child = one, one = one.parent) {
    if (one.name === "Item") path.unshift(0);
    if (one.name !== "Pair") continue;
    if (child?.name === "Key" && keys === null && path.length === 0) keys = keysBeside(whole, one);
    else path.unshift(keyOf(whole, one));
  }
  return { path, keys };
}

function keysBeside(whole, pair) {
  const pairs = pair.parent?.getChildren("Pair") ?? [];
  return pairs.filter((one) => one.from !== pair.from).map((one) => keyOf(whole, one));
}

function keyOf(whole, pair) {
  const key = pair.getChild("Key");
  return key ? whole.slice(key.from, key.to).replace(/^(["'])(.*)\1$/, "$2") : "";
}
