// The smallest change that makes one text into another: what both begin and end with stays.

const splits = (text, at) => /[\ud800-\udbff]/.test(text[at - 1] ?? "") && /[\udc00-\udfff]/.test(text[at] ?? "");

/** As CodeMirror takes it; null where the texts are the same. */
export function changeBetween(old, text) {
  if (old === text) return null;
  const most = Math.min(old.length, text.length);
  let start = 0;
  while (start < most && old[start] === text[start]) start++;
  if (splits(old, start) || splits(text, start)) start--;
  let end = 0;
  while (end < most - start && old.at(-1 - end) === text.at(-1 - end)) end++;
  if (splits(old, old.length - end) || splits(text, text.length - end)) end--;
  return { from: start, to: old.length - end, insert: text.slice(start, text.length - end) };
}
