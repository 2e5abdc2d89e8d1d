// Writes what the hotspot map uses of d3-hierarchy into one file, its licence at the top: node bundle.mjs FILE.
// `make map` runs it beside the packages of package-lock.json.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const read = (name) => readFileSync(new URL(`node_modules/d3-hierarchy/${name}`, import.meta.url), "utf8").trim();
const { version, license, homepage } = JSON.parse(read("package.json"));

await build({
  stdin: { contents: 'export { hierarchy, pack } from "d3-hierarchy";', resolveDir: import.meta.dirname },
  bundle: true,
  minify: true,
  format: "iife",
  // Not d3, which a page that embeds several of its parts would call them all together.
  globalName: "d3Hierarchy",
  target: "es2020",
  charset: "ascii",
  banner: { js: `/*! d3-hierarchy ${version} (${license}), ${homepage}\n\n${read("LICENSE")} */` },
  outfile: process.argv[2],
});
