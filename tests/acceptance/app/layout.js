// What is cut, what scrolls sideways and what is read on a page, for the test beside this file.

function layout(unfolded) {
  if (unfolded) for (const one of document.querySelectorAll("details:not(.me, .pick)")) one.open = true;
  const shown = (one) => one.checkVisibility() && !one.closest(".unseen, .skip, svg, noscript") && !isHeard(one.closest("thead"));
  const all = [...document.querySelectorAll("body *")].filter((one) => shown(one));
  const wrong = all.flatMap((one) => (isCut(one) ? [`cut: ${one.outerHTML.slice(0, 160)}`] : []));
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) wrong.push(`scrolls sideways: ${wide} px, ${beyond(all)}`);
  return { wrong, texts: texts(shown) };
}

// For ears alone: the heads of tables on a small screen, where each cell says its own.
const isHeard = (head) => head && getComputedStyle(head).clipPath !== "none";

function isCut(one) {
  if (one.matches("input, select")) return widthOfWords(one) > roomIn(one);
  const style = getComputedStyle(one);
  const clips = (way) => way === "hidden" || way === "clip";
  const wide = clips(style.overflowX) || style.textOverflow === "ellipsis";
  return (wide && one.scrollWidth > one.clientWidth + 1) || (clips(style.overflowY) && one.scrollHeight > one.clientHeight + 1);
}

// A field lets its text be scrolled, but not what it hints at, nor what is chosen.
function widthOfWords(field) {
  const words = field.matches("select") ? field.selectedOptions[0]?.textContent.trim() : field.value ? "" : field.placeholder;
  const drawn = document.createElement("canvas").getContext("2d");
  drawn.font = getComputedStyle(field).font;
  return drawn.measureText(words ?? "").width;
}

function roomIn(field) {
  const style = getComputedStyle(field);
  const arrow = field.matches("select") ? 16 : 0;
  return field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow + 1;
}

function beyond(all) {
  const far = all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".wide"));
  return far.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(" | ");
}

// Identifiers stand as such in code, beside the name (.id), and among all names of a lead; what was sent, as it came.
function texts(shown) {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    const text = walk.currentNode.textContent.trim().replace(/\s+/g, " ");
    const isMeant = at.closest("code, pre, kbd, script, textarea, datalist, definition-text, .id, .payload, [aria-labelledby=identity]");
    if (text && !isMeant && shown(at)) found.push(text);
  }
  return found;
}
