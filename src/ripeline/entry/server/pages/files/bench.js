// The workbench of a definition: a field that is changed shows in the text at once, and the other way round. Everything
// goes through the forms that stand on the page, so that without this script their buttons do the same.
"use strict";

const QUIET_MS = 700;
const bench = document.querySelector(".bench");
const editor = bench.querySelector("definition-text");
const textForm = bench.querySelector("[data-text]");
let asked = 0;

for (const button of bench.querySelectorAll("[data-by-hand]")) button.hidden = true;

async function send(form, values) {
  const number = ++asked;
  const given = { ...Object.fromEntries([...form.querySelectorAll("input[type=hidden]")].map((one) => [one.name, one.value])), ...values };
  const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(given), redirect: "follow" });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  return { page, isLast: number === asked, kept: reply.ok };
}

// ---- what came back --------------------------------------------------------------------------------------

function showState(page) {
  const state = page.getElementById("state");
  if (!state) {
    document.getElementById("state").replaceChildren(...page.querySelector("main").childNodes);
    return;
  }
  document.getElementById("state").replaceWith(document.adoptNode(state));
  const digest = page.querySelector("[data-text] input[name=of]").value;
  for (const of of document.querySelectorAll("input[name=of]")) of.value = digest;
  tellTimes(document.getElementById("state"));
  showProblems();
}

function showProblems() {
  const found = [...document.querySelectorAll("#state [data-line]")].map(({ dataset }) => ({
    line: Number(dataset.line), column: Number(dataset.column), severity: dataset.severity, message: dataset.message, hint: dataset.hint,
  }));
  editor.diagnose?.(found);
}

function showFields(page) {
  const open = new Set([...bench.querySelectorAll("#fields details[open]")].map((one) => one.closest("[id]").id));
  const fields = document.adoptNode(page.getElementById("fields"));
  for (const one of fields.querySelectorAll("details")) one.open = open.has(one.closest("[id]").id);
  for (const button of fields.querySelectorAll("[data-by-hand]")) button.hidden = true;
  document.getElementById("fields").replaceWith(fields);
}

// ---- what a person does ----------------------------------------------------------------------------------

async function fieldChanged(field) {
  const form = field.form;
  const values = { [field.name]: field.value };
  const pair = field.name.replace(/\/(decay|days)$/, (_, name) => (name === "decay" ? "/days" : "/decay"));
  if (pair !== field.name && form.elements[pair]) values[pair] = form.elements[pair].value;
  const { page, isLast, kept } = await send(form, values);
  field.setAttribute("aria-invalid", String(!kept));
  if (!isLast) return;
  showState(page);
  if (kept) editor.show?.(page.getElementById("yaml").value);
}

async function textChanged() {
  const { page, isLast } = await send(textForm, { text: textForm.elements.text.value });
  if (!isLast) return;
  showState(page);
  if (page.getElementById("fields")) showFields(page);
}

let waiting = 0;
bench.addEventListener("change", (event) => {
  if (event.target.closest("[data-fields]")) fieldChanged(event.target);
});
textForm.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(textChanged, QUIET_MS);
});
// Enter in a field saves it, not the whole form.
bench.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-fields]")) return;
  event.preventDefault();
  document.activeElement.blur();
});
document.addEventListener("click", (event) => {
  const go = event.target.closest("[data-go]");
  if (!go || !editor.goTo) return;
  event.preventDefault();
  const { line, column } = go.closest("[data-line]").dataset;
  editor.goTo(Number(line), Number(column));
});
customElements.whenDefined("definition-text").then(showProblems);
