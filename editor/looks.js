// How the editor looks: by day and by night in the colours of the page, which are custom properties there.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { marks } from "./marks.js";

const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
const CARD = { background: "var(--paper)", color: "var(--ink)", border: "1px solid var(--edge)", borderRadius: ".375rem" };

/** The element itself. What a page says of its height counts; its layout is ours, so that the text scrolls inside. */
export const frame = new CSSStyleSheet();
frame.replaceSync(`
  :host { display: flex !important; flex-direction: column; min-height: 20rem; max-height: 75vh }
  :host([hidden]) { display: none !important }
  .cm-editor { flex: 1 1 auto; min-height: 0; margin-top: .25rem }
`);

const CODE = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.definition(tags.propertyName), color: "var(--blue)" },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
    { tag: [tags.lineComment, tags.separator, tags.punctuation, tags.brace, tags.squareBracket], color: "var(--quiet)" },
    { tag: [tags.labelName, tags.typeName, tags.keyword, tags.meta], color: "var(--bad)" },
  ]),
);

const TEXT = {
  "&": { ...CARD, fontSize: ".875rem", overflow: "hidden" },
  "&.cm-focused": { outline: "2px solid var(--good)", outlineOffset: "-1px" },
  ".cm-scroller": { fontFamily: MONO, lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-line": { padding: "0 .75rem 0 .25rem" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--ground)" },
  ".cm-activeLineGutter": { color: "var(--ink)" },
  ".cm-gutters, .cm-gutters.cm-gutters-before": { background: "var(--paper)", color: "var(--quiet)", border: "0" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 .25rem 0 .75rem", minWidth: "2.75rem" },
  ".cm-foldGutter .cm-gutterElement": { width: "1.25rem", textAlign: "center", cursor: "pointer" },
  ".cm-foldGutter .cm-gutterElement:hover": { color: "var(--good)" },
  ".cm-foldPlaceholder": { background: "var(--soft)", color: "var(--good)", border: "0", padding: "0 .5em", margin: "0 .25em" },
  ".cm-figure": { fontWeight: "600" },
  ".cm-content ::selection": { backgroundColor: "var(--soft)" },
  ".cm-content::selection": { backgroundColor: "var(--soft)" },
  ".cm-selectionMatch": { background: "none", outline: "1px solid var(--line)" },
  ".cm-searchMatch": { background: "none", outline: "1px solid var(--edge)", borderRadius: ".15rem" },
  ".cm-searchMatch-selected": { background: "var(--soft)", outline: "2px solid var(--good)" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--soft)", color: "inherit" },
  "&.cm-focused .cm-nonmatchingBracket": { background: "var(--bad-soft)", color: "var(--bad)" },
  ".cm-specialChar": { color: "var(--bad)" },
  "@media (max-width: 40rem)": {
    ".cm-lineNumbers .cm-gutterElement": { padding: "0 .1rem 0 .25rem", minWidth: "1.5rem" },
    ".cm-gutters .cm-gutter-lint": { width: "1.1rem" },
    ".cm-foldGutter .cm-gutterElement": { width: "1rem" },
    ".cm-content .cm-line": { paddingRight: ".25rem" },
  },
};

// The kind of a problem is told by a shape and by a kind of line, not by a colour alone.
const PROBLEMS = {
  ".cm-gutter-lint": { width: "1.5rem" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker": { width: "auto", height: "auto", textAlign: "center", color: "var(--bad)", cursor: "help" },
  ".cm-lint-marker-error, .cm-lint-marker-warning": { content: "normal" },
  ".cm-lint-marker-error::before": { content: '"✖"' },
  ".cm-lint-marker-warning::before": { content: '"▲"' },
  ".cm-lintRange": { paddingBottom: "0", backgroundImage: "none", textDecoration: "underline .125rem var(--bad)", textUnderlineOffset: ".2em", textDecorationSkipInk: "none" },
  ".cm-lintRange-error": { textDecorationStyle: "wavy", textDecorationThickness: ".08rem" },
  ".cm-lintRange-warning": { textDecorationStyle: "dotted" },
  ".cm-lintRange-active": { backgroundColor: "var(--bad-soft)" },
  ".cm-lintPoint:after": { borderBottomColor: "var(--bad)" },
  ".cm-diagnostic": { margin: "0", padding: ".4rem .75rem", whiteSpace: "normal" },
  ".cm-diagnostic + .cm-diagnostic": { borderTop: "1px solid var(--line)" },
  ".cm-diagnostic-error": { borderLeft: ".25rem solid var(--bad)" },
  ".cm-diagnostic-warning": { borderLeft: ".25rem double var(--bad)" },
  ".cm-diagnostic b": { color: "var(--bad)" },
  ".cm-diagnostic .hint": { color: "var(--quiet)" },
};

const TOOLTIPS = {
  ".cm-tooltip": { ...CARD, boxShadow: "0 .5rem 1.5rem rgb(0 0 0 / .12)", font: ".875rem/1.45 system-ui, 'Segoe UI', Roboto, sans-serif", maxWidth: "min(32rem, 92vw)", overflowWrap: "anywhere" },
  ".cm-tooltip.cm-tooltip-autocomplete": { padding: ".25rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: MONO, maxHeight: "none", overflow: "hidden", minWidth: "12rem", maxWidth: "min(26rem, 90vw)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .5rem", lineHeight: "1.45", borderRadius: ".25rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--soft)", color: "var(--ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700", color: "var(--good)" },
  ".cm-completionDetail": { fontStyle: "normal", fontFamily: "system-ui, 'Segoe UI', Roboto, sans-serif", color: "var(--quiet)", marginLeft: ".75em" },
  ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "var(--ink)" },
  ".cm-completionListIncompleteTop:before, .cm-completionListIncompleteBottom:after": { opacity: "1", color: "var(--quiet)" },
  ".cm-tooltip.cm-completionInfo": { padding: ".4rem .75rem", margin: "0 .25rem", maxWidth: "20rem" },
  // On a small screen it stands below the list, not over it.
  "@media (max-width: 40rem)": {
    ".cm-tooltip.cm-completionInfo": { position: "static", contain: "inline-size", width: "auto", maxWidth: "none !important", border: "0", boxShadow: "none" },
  },
};

const PANELS = {
  ".cm-panels": { background: "var(--ground)", color: "var(--ink)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: ".5rem 2.5rem .5rem .75rem", fontFamily: "system-ui, 'Segoe UI', Roboto, sans-serif" },
  ".cm-panel.cm-search label": { fontSize: ".8125rem", display: "inline-flex", alignItems: "center", gap: ".25rem", minHeight: "1.5rem" },
  ".cm-panel.cm-search [name=close], .cm-dialog-close, .cm-panel.cm-panel-lint [name=close]": { top: ".4rem", right: ".5rem", width: "1.75rem", height: "1.75rem", fontSize: "1.125rem", cursor: "pointer", color: "var(--ink)" },
  ".cm-textfield": { font: "inherit", fontSize: ".8125rem", color: "var(--ink)", background: "var(--paper)", border: "1px solid var(--edge)", borderRadius: ".375rem", padding: ".25rem .5rem", maxWidth: "100%" },
  ".cm-textfield::placeholder": { color: "var(--quiet)", opacity: "1" },
  ".cm-button": { font: "inherit", fontSize: ".8125rem", color: "var(--ink)", background: "var(--paper)", backgroundImage: "none", border: "1px solid var(--edge)", borderRadius: ".375rem", padding: ".2rem .6rem", cursor: "pointer" },
  ".cm-button:hover": { borderColor: "var(--good)" },
  ".cm-button:active": { background: "var(--soft)", backgroundImage: "none" },
  ":is(.cm-textfield, .cm-panel button, .cm-panel input, .cm-panel ul):focus-visible": { outline: "2px solid var(--good)", outlineOffset: "1px" },
  ".cm-panel.cm-panel-lint ul": { maxHeight: "8rem" },
  ".cm-panel.cm-panel-lint ul:focus-visible": { outlineOffset: "-2px" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: "var(--soft)" },
  ".cm-panel.cm-panel-lint ul:focus [aria-selected]": { backgroundColor: "var(--soft)", color: "var(--ink)" },
};

export const looks = [...[TEXT, PROBLEMS, TOOLTIPS, PANELS].map((one) => EditorView.theme(one)), CODE, marks];
