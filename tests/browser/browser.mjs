// Finds the browser that the scripts of this folder drive.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** $CHROMIUM, or the first Chromium or Chrome on the PATH. */
export function findBrowser() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const candidates = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [process.env.CHROMIUM, ...candidates].filter(Boolean).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error("no Chromium found; help: run tests/run, or set CHROMIUM to the browser's path");
  return found;
}
