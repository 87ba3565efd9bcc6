// <definition-text>: the text of a definition in an editor that knows what may stand where. It stands around a
// textarea, which it hides and keeps up to date; without scripts the textarea is what people write in.
import { isolateHistory } from "@codemirror/commands";
import { setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { changeBetween } from "./change.js";
import { frame } from "./looks.js";
import { diagnosticOf, positionOf } from "./problems.js";
import { tools } from "./tools.js";

/** Told by the page, not typed by anybody. */
const shown = Annotation.define();

/** A JSON schema; null where it cannot be had, and then the editor completes nothing. */
async function fetched(address) {
  try {
    const answer = address ? await fetch(address) : null;
    return answer?.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

class DefinitionText extends HTMLElement {
  #shadow = this.attachShadow({ mode: "open" });
  #area = null;
  #view = null;
  #left = null;
  #changed = false;

  constructor() {
    super();
    this.#shadow.adoptedStyleSheets = [frame];
    this.#shadow.append(document.createElement("slot"));
    this.addEventListener("focusout", () => this.#leave());
  }

  connectedCallback() {
    this.#area = this.querySelector("textarea");
    if (!this.#area || this.#view) return;
    this.#view = new EditorView({ parent: this.#shadow, root: this.#shadow, state: this.#state() });
    this.#area.style.display = "none";
    this.#listen();
  }

  disconnectedCallback() {
    this.#left?.abort();
    this.#view?.destroy();
    this.#view = null;
    if (this.#area) this.#area.style.display = "";
  }

  /** Shows another text in place of this one, in one step that can be undone; the cursor stays where it can. */
  show(text) {
    const changes = this.#view && changeBetween(this.#view.state.doc.toString(), text.replace(/\r\n?/g, "\n"));
    if (changes) this.#view.dispatch({ changes, annotations: [shown.of(true), isolateHistory.of("full")] });
    else if (!this.#view) this.querySelector("textarea").value = text;
  }

  /** Marks problems, each {line, column, severity, message, hint}, in place of those before. */
  diagnose(problems) {
    if (!this.#view) return;
    const { state } = this.#view;
    this.#view.dispatch(setDiagnostics(state, problems.map((one) => diagnosticOf(state, one))));
  }

  /** Puts the cursor at a line and a column, which count from 1. */
  goTo(line, column) {
    if (!this.#view) return;
    const at = positionOf(this.#view.state.doc, line, column);
    this.#view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.#view.focus();
  }

  focus() {
    this.#view?.focus();
  }

  #state() {
    const area = this.#area;
    // Without a tabindex it is a stop of Tab just so, but those who check pages do not see it.
    const attributes = { "aria-label": this.#name(), spellcheck: "false", tabindex: "0" };
    return EditorState.create({
      doc: area.value,
      extensions: [
        tools(fetched(this.getAttribute("schema"))),
        EditorState.readOnly.of(area.readOnly || area.disabled),
        EditorView.contentAttributes.of(attributes),
        EditorView.updateListener.of((update) => this.#update(update)),
      ],
    });
  }

  #name() {
    const said = [...this.#area.labels].map((label) => {
      const words = label.cloneNode(true);
      words.querySelectorAll("textarea").forEach((area) => area.remove());
      return words.textContent.trim().replace(/\s+/g, " ");
    });
    return this.#area.getAttribute("aria-label") ?? said.join(" ");
  }

  #listen() {
    this.#left = new AbortController();
    const { signal } = this.#left;
    const area = this.#area;
    // The area speaks for the editor: what is typed inside is nobody's input, and no page's shortcut.
    this.#view.dom.addEventListener("input", (event) => event.stopPropagation());
    this.#view.dom.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    });
    for (const label of area.labels) label.addEventListener("click", () => this.focus(), { signal });
    // The form has put back its fields only after it said so.
    area.form?.addEventListener("reset", () => setTimeout(() => this.show(area.value)), { signal });
  }

  #update(update) {
    if (!update.docChanged) return;
    this.#area.value = update.state.doc.toString();
    if (update.transactions.some((one) => one.docChanged && !one.annotation(shown))) {
      this.#changed = true;
      this.#area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  #leave() {
    if (!this.#changed) return;
    this.#changed = false;
    this.#area.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

customElements.define("definition-text", DefinitionText);
