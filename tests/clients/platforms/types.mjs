// The generated files under every TypeScript that is around, and both ways of finding modules: `node types.mjs`.
// tests/programs/typescript_platforms.rs writes them into `generated/` first.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { step, summary } from "../../browser/server.mjs";

const VERSIONS = {
  "5.9": resolve("node_modules/typescript/bin/tsc"),
  "6.0": resolve("node_modules/typescript-6/bin/tsc"),
  "7.0": resolve("../node_modules/typescript/bin/tsc"),
};
const MODULES = { nodenext: "nodenext", esnext: "bundler" };
const STRICT = ["strict", "erasableSyntaxOnly", "exactOptionalPropertyTypes", "isolatedModules", "verbatimModuleSyntax"];
STRICT.push("noFallthroughCasesInSwitch", "noImplicitOverride", "noImplicitReturns", "noPropertyAccessFromIndexSignature");
STRICT.push("noUncheckedIndexedAccess", "noUncheckedSideEffectImports", "noUnusedLocals", "noUnusedParameters");

/** What a compiler has to say about the files, or nothing. */
function complaints(tsc, module, more = {}) {
  mkdirSync("generated", { recursive: true });
  const project = resolve("generated", `tsconfig.${module}.json`);
  const compilerOptions = { target: "es2022", lib: ["es2022", "dom", "dom.asynciterable"], jsx: "react-jsx", types: ["react"], noEmit: true };
  Object.assign(compilerOptions, { module, moduleResolution: MODULES[module], skipLibCheck: true }, more);
  for (const flag of STRICT) compilerOptions[flag] ??= true;
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ["../app/uses.tsx"] }));
  const child = spawn(process.execPath, [tsc, "--project", project, "--pretty", "false"], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (data) => (printed += data));
  return new Promise((done, failed) => child.once("error", failed).once("close", () => done(printed)));
}

for (const [version, tsc] of Object.entries(VERSIONS)) {
  await step(`TypeScript ${version}, nodenext and bundler`, async () => {
    for (const module of Object.keys(MODULES)) assert.equal(await complaints(tsc, module), "", module);
  });
}
await step("a project that is not strict", async () => {
  const loose = Object.fromEntries(STRICT.map((flag) => [flag, false]));
  assert.equal(await complaints(VERSIONS["5.9"], "esnext", loose), "");
});
await step("a compiler that finds a fault says so", async () => {
  assert.match(await complaints(VERSIONS["7.0"], "nodenext", { lib: ["es5"] }), /error TS/);
});
console.log(summary());
