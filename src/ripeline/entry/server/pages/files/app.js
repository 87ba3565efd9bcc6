// Small things that need a script: everything works without them.
"use strict";

// ---- keys ------------------------------------------------------------------------------------------------

const lists = () => [...document.querySelectorAll("[data-keys=list]")].filter((list) => list.children.length);
const row = () => document.activeElement.closest("[data-keys=list] > li");
const placed = (one) => [...one.parentElement.children].indexOf(one);
const within = (at, many) => Math.max(0, Math.min(many - 1, at));

function stand(list, at) {
  list?.children[within(at, list.children.length)].querySelector("a.to").focus();
}

function down(step) {
  const here = row();
  if (here) stand(here.parentElement, placed(here) + step);
  else stand(lists()[0], step < 0 ? Infinity : 0);
}

// To the list beside this one, where lists stand beside each other.
function across(step) {
  const here = row();
  const all = lists();
  if (here) stand(all[within(all.indexOf(here.parentElement) + step, all.length)], placed(here));
  else stand(all[0], 0);
}

function press(key) {
  const target = lists().length ? row()?.querySelector(`[data-key="${key}"]`) : document.querySelector(`main [data-key="${key}"]`);
  target?.click();
}

const help = document.getElementById("page-keys");
const KEYS = {
  j: () => down(1),
  k: () => down(-1),
  h: () => across(-1),
  l: () => across(1),
  o: () => row()?.querySelector("a.to").click(),
  e: () => press("e"),
  u: () => press("u"),
  "/": () => document.getElementById("find")?.focus(),
  "?": () => help?.showModal(),
};
const UNUSED = "keys-unused";

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable], dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  if (localStorage.getItem(UNUSED)) return;
  event.preventDefault();
  KEYS[event.key]();
});

// Whoever speaks to the browser, or types beside these keys, does without them.
if (help) {
  const used = help.querySelector("input");
  used.checked = !localStorage.getItem(UNUSED);
  used.addEventListener("change", () => used.checked ? localStorage.removeItem(UNUSED) : localStorage.setItem(UNUSED, "yes"));
  const opens = document.querySelector("[data-opens=page-keys]");
  opens.hidden = false;
  opens.addEventListener("click", () => help.showModal());
}

// ---- what is dragged is told while it moves -------------------------------------------------------------------

document.addEventListener("input", (event) => {
  const range = event.target.closest("label > input[type=range]");
  if (range) range.parentElement.querySelector("output").textContent = (Math.round(range.value * 10) / 10).toLocaleString();
});
for (const button of document.querySelectorAll("form[hx-get] [data-by-hand]")) button.hidden = true;

// ---- what is shown once is copied --------------------------------------------------------------------------------

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}

// ---- what is ticked in a list of choices stands on it; Escape closes it ---------------------------------------------

document.addEventListener("change", (event) => {
  const pick = event.target.closest("details.pick");
  if (!pick) return;
  const ticked = [...pick.querySelectorAll("label:has(:checked) span")].map((one) => one.textContent);
  pick.querySelector("summary b").textContent = ticked.join(", ") || "any";
});
document.addEventListener("keydown", (event) => {
  const pick = event.key === "Escape" && event.target.closest("details.pick[open]");
  if (!pick) return;
  pick.open = false;
  pick.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const pick of document.querySelectorAll("details.pick[open]")) if (!pick.contains(event.target)) pick.open = false;
});

// ---- times: as people here write them; without a script they stand in UTC ------------------------------------

const local = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const only = {
  time: new Intl.DateTimeFormat(undefined, { timeStyle: "short" }),
  second: new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", hour: "numeric", minute: "2-digit", second: "2-digit" }),
};

// A day has no time zone: it is read and written as of one and the same, so that it stays that day.
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

function tellTimes(within) {
  for (const time of within.querySelectorAll("time[datetime]:not([datetime*=T])")) {
    if (!/^\d{4}-\d\d-\d\d$/.test(time.dateTime) || time.title) continue;
    time.title = time.dateTime;
    time.textContent = day.format(new Date(`${time.dateTime}T00:00Z`));
  }
  for (const time of within.querySelectorAll("time[datetime*=T]")) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.valueOf())) {
      time.title = time.dateTime;
      time.textContent = (only[time.dataset.only] ?? local).format(at);
    }
  }
}

tellTimes(document);
document.addEventListener("htmx:after:swap", () => tellTimes(document));
