// Drives examples/chat.rs in a real browser: `node chat.mjs <folder for screenshots> <server program> [arguments]`.
// tests/programs/browser.rs runs it. The browser is $CHROMIUM, or the first Chromium or Chrome on the PATH.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { FLAGS, findBrowser } from "./browser.mjs";
import { startServer, step, summary, until } from "./server.mjs";

const [screenshots, ...command] = process.argv.slice(2);
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

mkdirSync(screenshots, { recursive: true });
let server = await startServer(command);
const { port } = server;
const browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });
const faults = [];
const open = [];

/** A person at a page of their own, who has entered the chat. */
async function visitor(name, { viewport = DESKTOP, colorScheme = "light", room = "lobby", ...more } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, locale: "en-GB", ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  open.push(page);
  page.on("pageerror", (error) => faults.push(`${name}: ${error}`));
  page.on("dialog", (dialog) => faults.push(`${name}: a dialog opened: ${dialog.message()}`));
  page.on("console", (message) => {
    // A browser reports every refused connection; here the server is stopped on purpose.
    if (message.type() === "error" && !message.text().includes("WebSocket")) faults.push(`${name}: ${message.text()}`);
  });
  await page.goto(`http://127.0.0.1:${port}/#${room}`);
  await page.getByLabel("Your name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Enter" }).click();
  await page.locator("#people-list .row").first().waitFor({ state: "attached" });
  return page;
}

const say = async (page, text) => {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
};
const sees = (page, text) => page.locator(".bubble", { hasText: text }).last().waitFor();
const notices = (page, text) => page.locator(".notice", { hasText: text }).last().waitFor();
const bubbles = (page) => page.locator(".bubble").allTextContents();
const people = async (page) => (await page.locator("#people-list bdi").allTextContents()).sort();
const peopleAre = (page, ...names) => until(`here are ${names}`, async () => String(await people(page)) === String([...names].sort()));
const openPlace = (page, name) => page.locator("#places .row", { hasText: name }).first().click();
const connected = (page) => page.locator("#connection").waitFor({ state: "hidden" });
const fits = (page) => page.evaluate(() => [document.documentElement, document.querySelector("#log")].every((e) => e.scrollWidth <= e.clientWidth));
const screenshot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`), animations: "disabled" });

let ada, grace;
try {
  await step("two people enter a room and see each other", async () => {
    ada = await visitor("Ada");
    await peopleAre(ada, "Ada");
    grace = await visitor("Grace", { colorScheme: "dark" });
    await peopleAre(grace, "Ada", "Grace");
    await peopleAre(ada, "Ada", "Grace");
    await notices(ada, "Grace came in");
  });

  await step("each sees what the other says, in order", async () => {
    await say(ada, "Hello Grace, can you read me?");
    await sees(grace, "can you read me?");
    await say(grace, "Loud and clear.");
    await say(grace, "This is two browser windows and one Rust module: every message you see was checked against its schema on the way in.");
    await sees(ada, "two browser windows");
    for (const page of [ada, grace]) {
      await until("all three, in order", async () => (await bubbles(page)).map((text) => text.split(" ")[0]).join() === "Hello,Loud,This");
    }
  });

  await step("who is typing is shown, and no longer once they said it", async () => {
    await ada.getByLabel("Message", { exact: true }).pressSequentially("Nice");
    await grace.locator("#typing", { hasText: "Ada is typing" }).waitFor();
    await ada.keyboard.press("Enter");
    await sees(grace, "Nice");
    await until("the sign is gone", async () => (await grace.locator("#typing").textContent()) === "");
  });

  await step("emoji and writing from right to left arrive whole", async () => {
    await say(ada, "🎉👩‍👩‍👧‍👦");
    await grace.locator(".jumbo .bubble", { hasText: "🎉👩‍👩‍👧‍👦" }).waitFor();
    await say(grace, "שלום, Καλημέρα, привет — ȟéllo");
    await sees(ada, "שלום, Καλημέρα, привет — ȟéllo");
    await Promise.all([screenshot(ada, "desktop-light"), screenshot(grace, "desktop-dark")]);
  });

  await step("markup in a name and in a text is shown as it was typed", async () => {
    const mallory = await visitor("<b>Mallory</b>");
    await peopleAre(ada, "Ada", "Grace", "<b>Mallory</b>");
    await say(mallory, `<img src=x onerror="alert(1)"> & <script>alert(2)</script>`);
    await sees(ada, `<img src=x onerror="alert(1)"> & <script>alert(2)</script>`);
    assert.equal(await ada.locator("#log img, #log script, #log b b, #people-list b").count(), 0);
    assert.ok((await ada.locator(".who").allTextContents()).some((who) => who.startsWith("<b>Mallory</b>")));
    await mallory.close(); // and with the page its connection
    await notices(ada, "<b>Mallory</b> left");
    await peopleAre(ada, "Ada", "Grace");
  });

  await step("a name that is taken gets a number", async () => {
    const second = await visitor("ada");
    await peopleAre(grace, "Ada", "Grace", "ada 2");
    await second.close();
    await peopleAre(grace, "Ada", "Grace");
  });

  await step("a private message reaches its reader alone and is announced by a number", async () => {
    const linus = await visitor("Linus");
    await ada.getByTitle("Write to Grace privately").click();
    await say(ada, "Only for you, Grace");
    await sees(ada, "Only for you");
    await grace.locator("#directs .row", { hasText: "Ada" }).locator(".badge", { hasText: "1" }).waitFor();
    assert.match(await grace.title(), /^\(1\)/);
    await openPlace(grace, "Ada");
    await sees(grace, "Only for you, Grace");
    await say(grace, "And back");
    await sees(ada, "And back");
    assert.equal(await linus.locator("#directs .row").count(), 0);
    await linus.close();
  });

  await step("a changed name is changed everywhere, also over an open private conversation", async () => {
    await grace.getByRole("button", { name: "Change name" }).click();
    await grace.getByLabel("New name", { exact: true }).fill("Ada");
    await grace.getByRole("button", { name: "Change", exact: true }).click();
    await grace.locator("#rename-error", { hasText: "Somebody here is called Ada already." }).waitFor();
    await grace.getByLabel("New name", { exact: true }).fill("Grace H.");
    await grace.getByRole("button", { name: "Change", exact: true }).click();
    await ada.locator("#title", { hasText: "Grace H." }).waitFor();
    await say(ada, "You still get this");
    await sees(grace, "You still get this");
    for (const page of [ada, grace]) await openPlace(page, "lobby");
    await peopleAre(ada, "Ada", "Grace H.");
  });

  await step("a text of 2,000 characters is counted, kept, and refused in words", async () => {
    const text = ada.getByLabel("Message", { exact: true });
    await text.fill("x".repeat(2000));
    assert.equal(await ada.locator("#counter").textContent(), "-1000");
    await ada.keyboard.press("Enter");
    await ada.locator("#error", { hasText: "1000 characters too long" }).waitFor();
    assert.equal((await text.inputValue()).length, 2000);
    await text.fill("");
    const refusal = await ada.evaluate(() => chat.call("room.post", { room: "lobby", text: "x".repeat(2000) }).catch(({ code, issues, message }) => ({ code, issues, message })));
    assert.equal(refusal.code, "INVALID_PAYLOAD");
    assert.deepEqual(refusal.issues.map(({ path, keyword }) => [path, keyword]), [["/text", "maxLength"]]);
    assert.match(refusal.message, /^text: .*1000/);
  });

  await step("the longest text without a space wraps, and Shift+Enter begins a line", async () => {
    await say(ada, "W".repeat(1000));
    await sees(grace, "W".repeat(1000));
    assert.ok(await fits(grace) && await fits(ada));
    await ada.getByLabel("Message", { exact: true }).fill("first");
    await ada.keyboard.press("Shift+Enter");
    await ada.keyboard.type("second");
    await ada.keyboard.press("Enter");
    await until("both lines", async () => (await bubbles(grace)).includes("first\nsecond"));
  });

  await step("another room is another conversation", async () => {
    await ada.getByLabel("Name of a room").fill("# Rust and Tea");
    await ada.keyboard.press("Enter");
    await ada.locator("#title", { hasText: "rust-and-tea" }).waitFor();
    await peopleAre(ada, "Ada");
    await say(ada, "Nobody else is here");
    await sees(ada, "Nobody else is here");
    await say(grace, "Ada is elsewhere");
    await ada.locator("#rooms .row", { hasText: "lobby" }).locator(".badge", { hasText: "1" }).waitFor();
    assert.ok(!(await bubbles(grace)).includes("Nobody else is here"));
    await ada.getByRole("button", { name: "Leave the room" }).click();
    await ada.locator("#title", { hasText: "lobby" }).waitFor();
    assert.equal(await ada.locator("#rooms .row").count(), 1);
  });

  await step("a page that is loaded again is where it was, under its name", async () => {
    await ada.reload();
    await sees(ada, "Ada is elsewhere");
    await peopleAre(ada, "Ada", "Grace H.");
  });

  await step("whoever comes later finds what was said", async () => {
    const late = await visitor("Late");
    await sees(late, "Ada is elsewhere");
    await sees(late, "Hello Grace");
    await late.close();
  });

  await step("a dropped connection is shown, and what was missed is made up for", async () => {
    await grace.context().setOffline(true);
    await grace.locator("#connection", { hasText: "The connection was lost" }).waitFor();
    for (const text of ["missed one", "missed two", "missed three"]) await say(ada, text);
    await sees(ada, "missed three");
    await grace.context().setOffline(false);
    await connected(grace);
    await notices(grace, "3 messages while you were away");
    await sees(grace, "missed three");
    await peopleAre(ada, "Ada", "Grace H.");
    const seen = await bubbles(grace);
    assert.equal(seen.length, new Set(seen).size, "no line is there twice");
  });

  await step("a window that is opened twice goes on in the newer one", async () => {
    const storage = JSON.stringify(await grace.evaluate(() => ({ ...sessionStorage })));
    const copy = await grace.context().newPage();
    await copy.addInitScript((storage) => Object.assign(sessionStorage, JSON.parse(storage)), storage);
    await copy.goto(grace.url());
    await sees(copy, "missed three");
    await grace.locator("#connection", { hasText: "in another window now" }).waitFor();
    await peopleAre(ada, "Ada", "Grace H.");
    await grace.reload();
    await copy.locator("#connection", { hasText: "in another window now" }).waitFor();
    await copy.close();
    await sees(grace, "missed three");
    await peopleAre(ada, "Ada", "Grace H.");
  });

  await step("the server is killed: both say so, and keep what is being written", async () => {
    assert.deepEqual(await server.stop("SIGKILL"), { code: null, signal: "SIGKILL" });
    for (const page of [ada, grace]) await page.locator("#connection", { hasText: "Trying again" }).waitFor();
    await say(ada, "Sent after the restart");
    await ada.locator("#error", { hasText: "Not connected" }).waitFor();
    assert.equal(await ada.getByLabel("Message", { exact: true }).inputValue(), "Sent after the restart");
    await screenshot(ada, "desktop-reconnecting");
  });

  await step("the server is back: both come back by themselves and go on", async () => {
    server = await startServer(command, port);
    for (const page of [ada, grace]) {
      await page.locator("#connection").waitFor({ state: "hidden" });
      await notices(page, "The server has started again");
      await peopleAre(page, "Ada", "Grace H.");
    }
    await ada.getByRole("button", { name: "Send" }).click();
    await sees(grace, "Sent after the restart");
    await say(grace, "And we are back. That was quick!");
    await sees(ada, "That was quick!");
    await say(ada, "No text lost, either");
    await say(ada, "🦀✨");
    await sees(grace, "🦀✨");
  });

  await step("it is at home on a phone", async () => {
    const phone = await visitor("Katherine", { viewport: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
    await sees(phone, "No text lost, either");
    await say(phone, "Hello from the train 🚆");
    await sees(ada, "Hello from the train");
    await say(ada, "A very long word: " + "Donaudampfschifffahrtsgesellschaft".repeat(3));
    await sees(phone, "Donaudampf");
    assert.ok(await fits(phone));
    await screenshot(phone, "phone");
    await phone.getByRole("button", { name: "Conversations" }).tap();
    await phone.locator("#places").getByText("Private", { exact: true }).waitFor();
    await screenshot(phone, "phone-conversations");
    await phone.keyboard.press("Escape");
    await phone.locator("#places").waitFor({ state: "hidden" });
    await phone.getByRole("button", { name: "Who is here" }).tap();
    await phone.getByTitle("Write to Ada privately").tap();
    await say(phone, "Psst");
    await ada.locator("#directs .row", { hasText: "Katherine" }).locator(".badge").waitFor();
  });

  await step("everything that can be used has a name for a screen reader", async () => {
    const nameless = await ada.evaluate(() =>
      [...document.querySelectorAll("button, input, textarea, [role=log]")]
        .filter((e) => !(e.ariaLabel || e.labels?.length || e.textContent.trim()))
        .map((e) => e.outerHTML),
    );
    assert.deepEqual(nameless, []);
  });

  await step("the first page looks the part", async () => {
    const page = await (await browser.newContext({ viewport: PHONE, deviceScaleFactor: 2 })).newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.getByLabel("Your name", { exact: true }).waitFor();
    await screenshot(page, "welcome");
  });

  await step("no script failed, nothing was blocked, no dialog opened", () => assert.deepEqual(faults, []));
} catch (error) {
  console.error(error);
  for (const [index, page] of open.filter((page) => !page.isClosed()).entries()) {
    await screenshot(page, `failed-${index}`).catch(console.error);
    console.error(`---- page ${index} ----\n${await page.locator("body").innerText().catch(String)}`);
  }
  process.exitCode = 1;
} finally {
  await browser.close();
  await server.stop("SIGTERM");
  console.log(summary());
}
