// Numbers and switches stand out among values: points are what a definition is read for.
import { syntaxTree } from "@codemirror/language";
import { Decoration, ViewPlugin } from "@codemirror/view";

const FIGURE = /^(?:[-+]?\d[\d.]*[%mhd]?|true|false)$/;
const mark = Decoration.mark({ class: "cm-figure" });

function figuresIn({ state, visibleRanges }) {
  const found = [];
  for (const { from, to } of visibleRanges) {
    syntaxTree(state).iterate({
      from,
      to,
      enter(node) {
        const value = node.name === "Literal" && node.node.parent?.name !== "Key";
        if (value && FIGURE.test(state.sliceDoc(node.from, node.to))) found.push(mark.range(node.from, node.to));
      },
    });
  }
  return Decoration.set(found, true);
}

export const figures = ViewPlugin.define(
  (view) => ({
    decorations: figuresIn(view),
    update(update) {
      const parsed = syntaxTree(update.state) !== syntaxTree(update.startState);
      if (update.docChanged || update.viewportChanged || parsed) this.decorations = figuresIn(update.view);
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);
