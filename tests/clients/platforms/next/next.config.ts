import { dirname } from "node:path";

export default {
  distDir: "../generated/next",
  turbopack: { root: dirname(process.cwd()) },
  // types.mjs checks them, under each TypeScript.
  typescript: { ignoreBuildErrors: true },
};
