// What the reader of docs/quickstart.md sees in the browser: `node quickstart.mjs <url of the page>`.
// tests/programs/quickstart.rs runs it.
import assert from "node:assert/strict";

import { chromium } from "playwright-core";

import { FLAGS, findBrowser } from "./browser.mjs";
import { step, summary } from "./server.mjs";

const [url] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  const greet = async (name) => {
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Greet" }).click();
  };
  const shows = (text) => page.locator("output", { hasText: text }).waitFor();

  await step("the page shows the reply to its call", async () => {
    await page.goto(url);
    await greet("Ada");
    await shows("Hello, Ada!");
  });
  await step("what the schema forbids is refused in words", async () => {
    await greet("");
    await shows("must be at least 1 character long");
    await greet("x".repeat(21));
    await shows("must be at most 20 characters long");
    await greet("Grace");
    await shows("Hello, Grace!");
  });
  assert.deepEqual(faults, []);
} finally {
  await browser.close();
}
console.log(summary());
