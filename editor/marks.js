// Marks on what is in view: figures stand out, and a line that is wrapped goes on below where it began.
import { syntaxTree } from "@codemirror/language";
import { Decoration, ViewPlugin } from "@codemirror/view";

const FIGURE = /^(?:[-+]?\d[\d.]*[%mhd]?|true|false)$/;
const MOST_INDENT = 12;
const figure = Decoration.mark({ class: "cm-figure" });

/** Numbers and switches among values: points are what a definition is read for. */
function* figuresIn(state, { from, to }) {
  const found = [];
  syntaxTree(state).iterate({
    from,
    to,
    enter(node) {
      const value = node.name === "Literal" && node.node.parent?.name !== "Key";
      if (value && FIGURE.test(state.sliceDoc(node.from, node.to))) found.push(figure.range(node.from, node.to));
    },
  });
  yield* found;
}

function* indentsIn({ doc }, { from, to }) {
  for (let at = from; at <= to; ) {
    const line = doc.lineAt(at);
    const width = Math.min(/^[ ]*(?:[-#] )?/.exec(line.text)[0].length, MOST_INDENT);
    if (width) yield hanging(width).range(line.from);
    at = line.to + 1;
  }
}

const hanging = (width) =>
  Decoration.line({ attributes: { style: `text-indent: -${width}ch; padding-left: calc(${width}ch + .25rem)` } });

/** Keeps what `marksIn(state, range)` finds in the ranges in view. */
function marked(marksIn) {
  const all = ({ state, visibleRanges }) => Decoration.set(visibleRanges.flatMap((one) => [...marksIn(state, one)]), true);
  const update = function (update) {
    const parsed = syntaxTree(update.state) !== syntaxTree(update.startState);
    if (update.docChanged || update.viewportChanged || parsed) this.marks = all(update.view);
  };
  return ViewPlugin.define((view) => ({ marks: all(view), update }), { decorations: (plugin) => plugin.marks });
}

export const marks = [marked(figuresIn), marked(indentsIn)];
