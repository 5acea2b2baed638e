// The chat itself: which rooms and private conversations are open, and what the server says about them.
import { openSocket } from "./socket.js";
import * as view from "./view.js";

const MAX_TEXT = 1000;
const KEPT_ITEMS = 500;
const TYPING_EVERY = 2_000;
const TYPING_LASTS = 4_000;

const remembered = JSON.parse(sessionStorage.getItem("chat") ?? "null");
const visitor = remembered?.visitor ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join(".").padEnd(16, ".");
const places = new Map(); // "#room" or "@name" → place
let wanted = ""; // the name asked for; the server may have added a number to it
let me = "";
let current;
let wasOpen = false;

const socket = openSocket("/ws", {
  headers: () => ({ "user-name": wanted, visitor }),
  onState(state, until) {
    view.showConnection(state, { until, again: wasOpen });
    if (state !== "open") return;
    wasOpen = true;
    for (const place of places.values()) if (place.room) join(place);
  },
});

/* ---- places ---- */

function placeOf(key) {
  if (!places.has(key)) {
    const room = key.startsWith("#") ? key.slice(1) : undefined;
    const place = { key, room, items: [], people: new Set(), typing: new Map(), unread: 0, last: 0, epoch: 0, draft: "" };
    places.set(key, place);
    remember();
  }
  return places.get(key);
}

const roomName = (text) => text.trim().replace(/^#+/, "").replace(/\s+/g, "-").toLowerCase();

function openRoom(name) {
  const room = roomName(name);
  if (!room) return;
  const known = places.has(`#${room}`);
  const place = placeOf(`#${room}`);
  show(place);
  if (!known) join(place);
}

function openDirect(name) {
  if (name !== me) show(placeOf(`@${name}`));
}

function show(place) {
  if (current) current.draft = view.draft();
  current = place;
  place.unread = 0;
  view.showPlace(place, me);
  refresh();
}

function close(place) {
  places.delete(place.key);
  // Without a connection there is no membership to end.
  if (place.room) socket.call("room.leave", { room: place.room }).catch(() => {});
  const left = [...places.values()];
  const next = left.findLast((place) => place.room) ?? left[0];
  next ? show(next) : openRoom("lobby");
  remember();
}

function refresh() {
  view.showPlaces([...places.values()], current, me);
  const unread = [...places.values()].reduce((sum, place) => sum + place.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${current?.key ?? ""} · zocket chat`;
}

function remember() {
  const rooms = [...places.values()].flatMap((place) => place.room ?? []);
  sessionStorage.setItem("chat", JSON.stringify({ name: wanted, visitor, rooms }));
}

/* ---- what is in a place ---- */

function add(place, item) {
  // Two lines may overtake each other on their way; their numbers put them in order again.
  let at = place.items.length;
  while (item.number && at > 0 && place.items[at - 1].number > item.number) at -= 1;
  if (item.number && place.items[at - 1]?.number === item.number) return;
  place.items.splice(at, 0, item);
  place.last = Math.max(place.last, item.number ?? 0);
  const trimmed = place.items.length > KEPT_ITEMS;
  if (trimmed) place.items.shift();
  if (place === current) at === place.items.length - 1 && !trimmed ? view.append(place, item) : view.showPlace(place, me);
  if (item.text !== undefined && !item.own && (place !== current || document.hidden)) place.unread += 1;
  refresh();
}

const notice = (place, text) => add(place, { notice: text, at: Date.now() });

/** The people and lines that a room has, after joining it for the first time or again. */
async function join(place) {
  const again = place.epoch !== 0;
  place.early = []; // events before the answer are handled after it
  try {
    const { epoch, people, history } = await socket.call("room.join", { room: place.room });
    place.people = new Set(people);
    const anew = place.epoch && place.epoch !== epoch;
    if (anew) {
      for (const item of place.items) delete item.number;
      place.last = 0;
      notice(place, "The server has started again, and this room with it.");
    }
    const missed = history.filter((line) => line.number > place.last);
    if (again && missed.length) {
      if (!anew && missed[0].number > place.last + 1) notice(place, "More was said than the server keeps: some of it is missing here.");
      notice(place, missed.length === 1 ? "1 message while you were away" : `${missed.length} messages while you were away`);
    }
    place.epoch = epoch;
    for (const line of missed) add(place, { ...line, own: line.from === me });
    if (!again) place.unread = 0;
  } catch (error) {
    if (error.code !== "DISCONNECTED") notice(place, `Could not join. ${error.message}`);
  }
  const early = place.early ?? [];
  delete place.early;
  for (const event of early) event();
  if (place === current) view.showPeople(place, me);
  refresh();
}

function inRoom(room, event) {
  const place = places.get(`#${room}`);
  if (!place) return;
  const run = () => {
    event(place);
    if (place === current) view.showPeople(place, me);
  };
  place.early ? place.early.push(run) : run();
}

/* ---- what the server says ---- */

function callMe(name) {
  me = name;
  view.showMe(me);
  refresh();
}

socket.on("people.welcome", ({ name }) => callMe(name));

socket.on("people.replaced", () => {
  socket.close();
  view.showConnection("replaced", {});
});

socket.on("people.renamed", ({ from, to }) => {
  if (from === me) callMe(to);
  const direct = places.get(`@${from}`);
  if (direct) {
    places.delete(direct.key);
    direct.key = `@${to}`;
    places.set(direct.key, direct);
    notice(direct, `${from} is now ${to}`);
    if (direct === current) view.showPlace(direct, me);
  }
  for (const place of places.values()) {
    if (!place.room) continue;
    inRoom(place.room, (place) => {
      if (!place.people.delete(from)) return;
      place.people.add(to);
      notice(place, `${from} is now ${to}`);
    });
  }
});

socket.on("room.entered", ({ room, name }) =>
  inRoom(room, (place) => {
    if (place.people.has(name)) return;
    place.people.add(name);
    notice(place, `${name} came in`);
  }),
);

socket.on("room.left", ({ room, name }) =>
  inRoom(room, (place) => {
    stopTyping(place, name);
    if (!place.people.delete(name)) return;
    notice(place, `${name} left`);
  }),
);

socket.on("room.said", ({ room, line }) =>
  inRoom(room, (place) => {
    stopTyping(place, line.from);
    add(place, { ...line, own: line.from === me });
  }),
);

socket.on("room.typing", ({ room, name }) =>
  inRoom(room, (place) => {
    stopTyping(place, name);
    const over = () => inRoom(room, () => stopTyping(place, name));
    place.typing.set(name, setTimeout(over, TYPING_LASTS));
  }),
);

function stopTyping(place, name) {
  clearTimeout(place.typing.get(name));
  place.typing.delete(name);
}

socket.on("direct.message", ({ from, text, at }) => add(placeOf(`@${from}`), { from, text, at, own: false }));

/* ---- what the person does ---- */

let typed = 0;

async function send(text) {
  const place = current;
  typed = 0;
  const length = [...text].length;
  if (length > MAX_TEXT) throw new Error(`That is ${length - MAX_TEXT} characters too long. A message has at most ${MAX_TEXT}.`);
  if (place.room) return socket.call("room.post", { room: place.room, text });
  const { at } = await socket.call("direct.tell", { to: place.key.slice(1), text });
  add(place, { from: me, text, at, own: true });
}

function typing() {
  if (!current?.room || Date.now() - typed < TYPING_EVERY) return;
  typed = Date.now();
  socket.call("room.typing", { room: current.room }).catch(() => {}); // nobody misses it
}

async function rename(name) {
  const { name: taken } = await socket.call("people.rename", { name });
  wanted = taken;
  localStorage.setItem("name", taken);
  remember();
}

function enter(name, rooms) {
  wanted = name.trim() || "Guest";
  localStorage.setItem("name", wanted);
  view.showApp();
  for (const room of rooms) placeOf(`#${room}`);
  show(places.values().next().value);
  socket.connect();
}

view.start({
  maxText: MAX_TEXT,
  openRoom,
  openDirect,
  show: (key) => show(places.get(key)),
  close: () => close(current),
  openRooms: () => socket.call("room.list"),
  send,
  typing,
  rename,
  enter: (name, room) => enter(name, [roomName(room) || "lobby"]),
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden || !current) return;
  current.unread = 0;
  refresh();
});

if (remembered?.name && remembered.rooms.length) enter(remembered.name, remembered.rooms);
else view.showWelcome({ name: localStorage.getItem("name") ?? "", room: decodeURIComponent(location.hash.slice(1)) || "lobby" });

/** For the curious: `chat.call("room.list")` in the browser's console. */
window.chat = socket;
