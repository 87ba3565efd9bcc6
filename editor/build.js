// Bundles the editor into the one file that the wheel ships, with the licence of what is in it on top.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const shipped = resolve(here, "../src/ripeline/entry/server/pages/files/editor.js");

const settings = {
  absWorkingDir: here,
  entryPoints: ["editor.js"],
  outfile: process.argv[2] ? resolve(process.argv[2]) : shipped,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
};

/** The folder of the package that a bundled file is part of; nothing for our own files. */
const folderOf = (file) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

function licences(folders) {
  const holders = [];
  const texts = new Set();
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(readFileSync(`${here}/${folder}/package.json`, "utf8"));
    if (license !== "MIT") throw new Error(`${name} comes under ${license}: NOTICE and this file speak of MIT alone`);
    const parts = readFileSync(`${here}/${folder}/LICENSE`, "utf8").trim().split(/\n\s*\n/);
    const holder = parts.find((part) => part.startsWith("Copyright"));
    holders.push(`${name} ${version}: ${holder}`);
    texts.add(parts.filter((part) => part !== holder && !/^(The )?MIT License/.test(part)).join("\n\n"));
  }
  const told = [holders.join("\n"), ...texts].join("\n\n");
  return `/*! Ripeline's editor of definitions. It holds these packages under the MIT License, which follows.\n\n${told}\n*/`;
}

const { metafile } = await build({ ...settings, write: false, metafile: true });
const [{ inputs }] = Object.values(metafile.outputs);
const used = Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0);
await build({ ...settings, banner: { js: licences(new Set(used.map(folderOf).filter(Boolean))) } });
