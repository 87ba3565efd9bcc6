// Make the file that pages load; the same sources and packages make the same bytes, and say so on its first line.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const SOURCES = ["build.mjs", "charts.js", "package-lock.json"];
const digest = createHash("sha256");
for (const name of SOURCES) digest.update(readFileSync(new URL(name, import.meta.url)));

await build({
  entryPoints: [new URL("charts.js", import.meta.url).pathname],
  outfile: new URL("../src/ripeline/entry/server/pages/files/charts.js", import.meta.url).pathname,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  banner: { js: `/*! Made by charts/ of these sources: ${digest.digest("hex")}. Licences: charts.txt beside it. */` },
  charset: "utf8",
});
