// Problems of a text, as the editor underlines and tells them.
import { ensureSyntaxTree } from "@codemirror/language";
import { forEachDiagnostic, nextDiagnostic, previousDiagnostic } from "@codemirror/lint";
import { closeHoverTooltips, EditorView, hasHoverTooltips } from "@codemirror/view";

const WORD = /^(?:"[^"]*"|'[^']*'|[^\s,:{}[\]#"']+|\S)/;
const CALLED = { error: "Error", warning: "Warning" };

/** The place in a document of a line and a column, which count from 1; a column counts characters as people do. */
export function positionOf(doc, line, column) {
  const found = doc.line(Math.min(Math.max(1, Math.trunc(line) || 1), doc.lines));
  const before = [...found.text].slice(0, Math.max(0, (column || 1) - 1)).join("");
  return found.from + before.length;
}

/** A problem as CodeMirror takes it: from its place to the end of the word, or of the value that begins there. */
export function diagnosticOf(state, { line, column, severity, message, hint }) {
  const from = positionOf(state.doc, line, column);
  const kind = severity === "warning" ? "warning" : "error";
  const renderMessage = () => told(kind, message, hint);
  return { from, to: endOf(state, from), severity: kind, message: [message, hint].filter(Boolean).join(" "), renderMessage };
}

function endOf(state, from) {
  const line = state.doc.lineAt(from);
  const node = ensureSyntaxTree(state, line.to, 100)?.resolveInner(from, 1);
  if (node?.from === from && /^(?:Quoted)?Literal$/.test(node.name)) return Math.min(node.to, line.to);
  return from + (WORD.exec(line.text.slice(from - line.from))?.[0].length ?? 0);
}

function told(kind, message, hint) {
  const whole = document.createElement("div");
  const name = whole.appendChild(document.createElement("b"));
  name.textContent = `${CALLED[kind]}: `;
  whole.append(message);
  if (hint) {
    const more = whole.appendChild(document.createElement("div"));
    more.className = "hint";
    more.textContent = hint;
  }
  return whole;
}

/** Goes to the next problem, or the one before, and says it to screen readers too. */
const going = (go) => (view) => {
  const gone = go(view);
  const { from } = view.state.selection.main;
  const here = [];
  forEachDiagnostic(view.state, (one, start) => start === from && here.push(`${CALLED[one.severity]}: ${one.message}`));
  if (gone && here.length) view.dispatch({ effects: EditorView.announce.of(here.join(" ")) });
  return gone;
};

/** What is told at a problem stands over other text, so it can be put away. */
function putAway(view) {
  const open = hasHoverTooltips(view.state);
  if (open) view.dispatch({ effects: closeHoverTooltips });
  return open;
}

export const problemKeys = [
  { key: "F8", run: going(nextDiagnostic), shift: going(previousDiagnostic) },
  { key: "Escape", run: putAway },
];
