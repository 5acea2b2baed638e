// How much of a page's download the runtime is: `node size.mjs`. The React hooks are separate.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

const LIMIT = 5_120;

async function size(file) {
  const entryPoints = [new URL(`../../zocket-cli/src/typescript/${file}`, import.meta.url).pathname];
  const { outputFiles: [script] } = await build({
    entryPoints,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return { minified: script.contents.length, zipped: gzipSync(script.contents, { level: 9 }).length };
}

const runtime = await size("runtime.ts");
const hooks = await size("react.ts");
console.log(`  runtime.ts: ${runtime.minified} bytes minified, ${runtime.zipped} gzipped`);
console.log(`  react.ts:   ${hooks.minified} bytes minified, ${hooks.zipped} gzipped`);
assert.ok(runtime.zipped <= LIMIT, `the runtime has ${runtime.zipped} bytes, ${runtime.zipped - LIMIT} too many`);
assert.ok(runtime.zipped > 1_000, "this is not the runtime");
console.log("1 steps passed, 0 failed");
