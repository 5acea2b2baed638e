// What is on the screen. Names and texts are inserted as text only, never as markup.

const $ = (id) => document.getElementById(id);
const SAME_BREATH = 5 * 60_000; // lines of one person closer together than this share one heading
const NEAR_THE_END = 80;
const EMOJI_ONLY = /^(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f]\s*){1,12}$/u;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

let maxText = 0;
let connected = false;
let actions;

function element(tag, { text, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
}

/** A round avatar for a name: its first character on a colour derived from the name. */
function paint(avatar, name) {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)) % 360;
  avatar.style.setProperty("--hue", (hash * 137) % 360); // similar names, different colours
  avatar.textContent = [...name][0]?.toUpperCase() ?? "";
  return avatar;
}

const avatarOf = (name) => paint(element("span", { className: "avatar", ariaHidden: "true" }), name);

const nameOf = (name) => element("bdi", { text: name });

/* ---- messages ---- */

function isContinued(item, before) {
  return before?.text !== undefined && before.from === item.from && before.own === item.own && item.at - before.at < SAME_BREATH;
}

function itemElement(item, before) {
  if (item.notice !== undefined) return element("p", { className: "notice", text: item.notice });
  const continued = isContinued(item, before);
  const line = element("article", { className: "line" });
  line.classList.toggle("own", item.own);
  line.classList.toggle("continued", continued);
  line.classList.toggle("jumbo", EMOJI_ONLY.test(item.text));
  const at = new Date(item.at);
  const time = element("time", { text: clock.format(at), dateTime: at.toISOString(), title: at.toLocaleString() });
  const who = element("p", { className: "who" }, element("b", {}, nameOf(item.own ? "You" : item.from)), time);
  const bubble = element("div", { className: "bubble", text: item.text, dir: "auto", title: at.toLocaleString() });
  line.append(avatarOf(item.from), element("div", { className: "said" }, who, bubble));
  return line;
}

const isAtEnd = () => $("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < NEAR_THE_END;

function toEnd() {
  $("log").scrollTop = $("log").scrollHeight;
  $("latest").hidden = true;
}

export function append(place, item) {
  const follow = isAtEnd() || item.own;
  $("log").querySelector(".empty")?.remove();
  $("log").append(itemElement(item, place.items.at(-2)));
  if (follow) toEnd();
  else if (item.text !== undefined) $("latest").hidden = false;
}

/* ---- the conversation, the list of conversations, the people ---- */

export function showPlace(place, me) {
  const log = $("log");
  log.ariaBusy = "true"; // old messages are not news: they are not read out
  log.replaceChildren(...place.items.map((item, index) => itemElement(item, place.items[index - 1])));
  if (!place.items.length) {
    const text = place.room ? "Nobody has said anything yet. Say hello!" : "Only the two of you see what is written here.";
    log.append(element("p", { className: "empty", text }));
  }
  requestAnimationFrame(() => (log.ariaBusy = "false"));
  toEnd();
  $("title").replaceChildren(place.room ? `# ${place.room}` : nameOf(place.key.slice(1)));
  $("close").ariaLabel = place.room ? "Leave the room" : "Close the conversation";
  $("text").placeholder = place.room ? `Message #${place.room}` : `Message ${place.key.slice(1)}, privately`;
  if ($("text").value !== place.draft) $("text").value = place.draft;
  $("app").classList.toggle("private", !place.room);
  showError();
  measure();
  closeDrawers();
  showPeople(place, me);
  if (matchMedia("(pointer: fine)").matches) $("text").focus();
}

export const draft = () => $("text").value;

export function showPlaces(places, current, me) {
  const rows = (wanted) =>
    places.filter(wanted).map((place) => {
      const name = place.room ?? place.key.slice(1);
      const sign = place.room ? element("span", { className: "hash", text: "#", ariaHidden: "true" }) : avatarOf(name);
      const row = element("button", { className: "row" }, sign, element("span", { className: "grow" }, nameOf(name)));
      if (place.unread) row.append(element("span", { className: "badge", text: place.unread, title: "unread" }));
      if (place === current) row.ariaCurrent = "page";
      row.onclick = () => actions.show(place.key);
      return element("li", {}, row);
    });
  $("rooms").replaceChildren(...rows((place) => place.room));
  $("directs").replaceChildren(...rows((place) => !place.room));
  $("no-directs").hidden = $("directs").childElementCount > 0;
  $("unread-elsewhere").hidden = !places.some((place) => place.unread && place !== current);
}

export function showPeople(place, me) {
  const typing = [...place.typing.keys()];
  const verb = typing.length === 1 ? "is" : "are";
  $("typing").textContent = typing.length ? `${new Intl.ListFormat("en").format(typing.slice(0, 3))} ${verb} typing…` : "";
  $("subtitle").textContent = place.room
    ? `${place.people.size || "Nobody"} here${place.people.size === 1 ? ": open this page in another window" : ""}`
    : "A private conversation";
  const names = [...place.people].sort((a, b) => (b === me) - (a === me) || a.localeCompare(b));
  $("people-list").replaceChildren(
    ...names.map((name) => {
      const row = element("button", { className: "row", disabled: name === me }, avatarOf(name));
      const label = element("span", { className: "grow" }, nameOf(name));
      if (name === me) label.append(element("small", { text: "you" }));
      else row.title = `Write to ${name} privately`;
      row.append(label);
      row.onclick = () => actions.openDirect(name);
      return element("li", {}, row);
    }),
  );
}

export function showMe(name) {
  paint($("me").querySelector(".avatar"), name);
  $("me").querySelector("b").replaceChildren(nameOf(name));
}

/* ---- the connection ---- */

let countdown;
export function showConnection(state, { until, again }) {
  connected = state === "open";
  clearInterval(countdown);
  const bar = $("connection");
  bar.hidden = connected;
  const tell = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    const lost = again ? "The connection was lost." : "The server cannot be reached.";
    bar.textContent = `${lost} Trying again${seconds > 1 ? ` in ${seconds} seconds` : ""}…`;
  };
  if (state === "waiting") {
    tell();
    countdown = setInterval(tell, 1000);
  } else if (state === "connecting" && !again) {
    bar.textContent = "Connecting…";
  } else if (state === "replaced") {
    bar.textContent = "You are here in another window now. Load this page again to go on in this one.";
  }
  measure();
}

/* ---- the composer ---- */

function showError(message = "") {
  $("error").hidden = !message;
  $("error").textContent = message;
}

/** Grows the text field with its text, and shows the remaining length once that matters. */
function measure() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
  const left = maxText - [...text.value.trim()].length;
  $("counter").hidden = left > 200;
  $("counter").value = left;
  $("counter").classList.toggle("over", left < 0);
  $("send").disabled = !connected || !text.value.trim();
}

async function submit(event) {
  event?.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  if (!connected) return showError("Not connected at the moment. Your text stays here until the connection is back.");
  const sentFrom = $("title").textContent;
  showError();
  $("text").value = "";
  measure();
  try {
    await actions.send(text);
  } catch (error) {
    showError(error.message);
    if (!$("text").value && $("title").textContent === sentFrom) $("text").value = text;
    measure();
  }
}

/* ---- drawers (narrow screens) ---- */

function toggleDrawer(name) {
  const open = !$("app").classList.contains(`with-${name}`);
  closeDrawers();
  $("app").classList.toggle(`with-${name}`, open);
  $(`show-${name}`).ariaExpanded = String(open);
  if (open) $(name).querySelector("button:not(:disabled), input")?.focus();
}

function closeDrawers() {
  for (const name of ["places", "people"]) {
    $("app").classList.remove(`with-${name}`);
    $(`show-${name}`).ariaExpanded = "false";
  }
}

/* ---- start ---- */

export function showWelcome({ name, room }) {
  $("welcome").hidden = false;
  $("enter-name").value = name;
  $("enter-room").value = room;
  $("enter-name").focus();
}

export function showApp() {
  $("welcome").hidden = true;
  $("app").hidden = false;
}

export function start(given) {
  actions = given;
  maxText = given.maxText;

  $("enter").onsubmit = (event) => {
    event.preventDefault();
    actions.enter($("enter-name").value, $("enter-room").value);
  };
  $("join").onsubmit = (event) => {
    event.preventDefault();
    actions.openRoom($("join-room").value);
    $("join-room").value = "";
  };
  $("join-room").onfocus = async () => {
    const rooms = await actions.openRooms().catch(() => []);
    const options = rooms.map(({ room, people }) => element("option", { value: room, label: `${people} here` }));
    $("open-rooms").replaceChildren(...options);
  };

  $("composer").onsubmit = submit;
  $("text").oninput = () => {
    showError();
    measure();
    if ($("text").value) actions.typing();
  };
  $("text").onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  };

  $("latest").onclick = toEnd;
  $("log").onscroll = () => isAtEnd() && ($("latest").hidden = true);
  new ResizeObserver(() => $("latest").hidden && toEnd()).observe($("log"));

  $("close").onclick = actions.close;
  $("show-places").onclick = () => toggleDrawer("places");
  $("show-people").onclick = () => toggleDrawer("people");
  $("scrim").onclick = closeDrawers;
  addEventListener("keydown", ({ key }) => key === "Escape" && closeDrawers());

  $("me").onclick = () => {
    $("rename-name").value = $("me").querySelector("b").textContent;
    $("rename-error").hidden = true;
    $("rename").showModal();
    $("rename-name").select();
  };
  $("rename-cancel").onclick = () => $("rename").close();
  $("rename").querySelector("form").onsubmit = async (event) => {
    event.preventDefault();
    try {
      await actions.rename($("rename-name").value);
      $("rename").close();
    } catch (error) {
      $("rename-error").textContent = error.message;
      $("rename-error").hidden = false;
    }
  };
}
