// Small things that need a script: everything works without them.
"use strict";

// ---- keys ------------------------------------------------------------------------------------------------

const rows = () => [...document.querySelectorAll("[data-keys=list] > li")];

function go(step) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 && step < 0 ? all.length - 1 : at + step))];
  next?.querySelector("a.to").focus();
}

function press(key) {
  const row = rows().find((one) => one.contains(document.activeElement));
  const lists = rows().length > 0;
  const target = lists ? row?.querySelector(`[data-key="${key}"]`) : document.querySelector(`main [data-key="${key}"]`);
  target?.click();
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  o: () => rows().find((one) => one.contains(document.activeElement))?.querySelector("a.to").click(),
  e: () => press("e"),
  u: () => press("u"),
  "/": () => document.getElementById("find")?.focus(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

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
