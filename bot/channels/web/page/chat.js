// The practice chat: what the server tells is shown, what the person does is sent. Nothing is kept here.
import { showPanel, nowIs } from "/panel.js";
import { send } from "/send.js";

const bubbles = document.getElementById("bubbles");
const state = document.getElementById("state");
const typing = document.getElementById("typing");
const text = document.getElementById("text");
const share = document.getElementById("share");
const TAGS = { bold: "b", italic: "i", code: "code", pre: "pre" };
let editing = null;

async function say(path, fields) {
  typing.hidden = false;
  const taken = await send(path, fields);
  if (!taken) typing.hidden = true;
  return taken;
}

function styled(plain, spans) {
  // Spans count code points, and the sent ones don't overlap.
  const points = Array.from(plain);
  const parts = document.createDocumentFragment();
  let at = 0;
  for (const [kind, start, length] of [...spans].sort((a, b) => a[1] - b[1])) {
    parts.append(points.slice(at, start).join(""));
    const marked = document.createElement(TAGS[kind]);
    marked.textContent = points.slice(start, start + length).join("");
    parts.append(marked);
    at = start + length;
  }
  parts.append(points.slice(at).join(""));
  return parts;
}

function file(bubble) {
  const address = `/files/${bubble.id}`;
  if (bubble.file.mime.startsWith("image/")) {
    const picture = document.createElement("img");
    picture.src = address;
    picture.alt = bubble.text || bubble.file.name;
    return picture;
  }
  const link = document.createElement("a");
  link.href = address;
  link.download = bubble.file.name;
  link.textContent = `${bubble.file.name} (${bubble.file.bytes} bytes)`;
  return link;
}

function button(each) {
  if (each.url) {
    const link = document.createElement("a");
    Object.assign(link, { href: each.url, target: "_blank", rel: "noopener noreferrer", textContent: each.label });
    return link;
  }
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = each.label;
  made.addEventListener("click", async () => {
    if (each.copy) {
      await navigator.clipboard.writeText(each.copy);
      state.textContent = "Copied.";
    } else if (await say("/taps", { data: each.data })) text.focus();
  });
  return made;
}

function filled(item, bubble) {
  item.id = `b${bubble.id}`;
  item.className = bubble.mine ? "mine" : "theirs";
  const said = document.createElement("div");
  said.className = "bubble";
  const who = document.createElement("span");
  who.className = "unseen";
  who.textContent = bubble.mine ? "You: " : "Onward: ";
  said.append(who);
  if (bubble.file) said.append(file(bubble));
  said.append(styled(bubble.text, bubble.spans));
  if (bubble.changed) {
    const changed = document.createElement("small");
    changed.textContent = "edited";
    said.append(changed);
  }
  item.replaceChildren(said, ...bubble.rows.map((row) => {
    const line = document.createElement("div");
    line.className = "row";
    line.append(...row.map(button));
    return line;
  }));
  if (bubble.chosen) {
    const chosen = document.createElement("div");
    chosen.className = "chosen";
    chosen.textContent = `✓ ${bubble.chosen}`;
    item.append(chosen);
  }
  if (bubble.mine) said.addEventListener("dblclick", () => edit(bubble));
  return item;
}

function edit(bubble) {
  editing = bubble.id;
  text.value = bubble.text;
  state.textContent = "Editing that message; Escape leaves it as it is.";
  text.focus();
}

function lastOfMine() {
  const mine = bubbles.querySelectorAll(":scope > div.mine");
  return mine.length ? mine[mine.length - 1] : null;
}

function show(bubble) {
  const there = document.getElementById(`b${bubble.id}`);
  if (there) {
    const held = there.contains(document.activeElement);
    filled(there, bubble);
    if (held) text.focus();
  } else bubbles.append(filled(document.createElement("div"), bubble));
  bubbles.scrollTop = bubbles.scrollHeight;
}

function note(moment) {
  const item = document.createElement("div");
  item.className = "note";
  item.textContent = `⏱ ${nowIs(moment)}`;
  bubbles.append(item);
  bubbles.scrollTop = bubbles.scrollHeight;
}

const takes = {
  all(change) {
    bubbles.replaceChildren(...change.bubbles.map((each) => filled(document.createElement("div"), each)));
    bubbles.scrollTop = bubbles.scrollHeight;
    if (change.panel) showPanel(change.panel);
  },
  bubble: (change) => show(change.bubble),
  gone: (change) => change.ids.forEach((id) => document.getElementById(`b${id}`)?.remove()),
  typing: (change) => { typing.hidden = !change.on; },
  note: (change) => note(change.moment),
  panel: (change) => showPanel(change.panel),
  fault: (change) => { state.textContent = `A turn failed (${change.error}). It is tried again; see the terminal.`; },
};

const events = new EventSource("/events");
events.addEventListener("open", () => { state.textContent = "Practice chat: only this machine sees it."; });
events.addEventListener("error", () => { state.textContent = "Not connected; trying again…"; });
events.addEventListener("message", (event) => {
  const change = JSON.parse(event.data);
  takes[change.what](change);
});

document.getElementById("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = text.value;
  if (!words.trim()) return;
  const done = editing ? await say("/edits", { id: editing, text: words }) : await say("/messages", { text: words });
  if (done) {
    text.value = "";
    editing = null;
    grow();
  }
  text.focus();
});

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
}

text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    document.getElementById("write").requestSubmit();
  } else if (event.key === "Escape" && editing) {
    editing = null;
    text.value = "";
    state.textContent = "";
  } else if (event.key === "ArrowUp" && !text.value && lastOfMine()) {
    lastOfMine().querySelector(".bubble").dispatchEvent(new Event("dblclick"));
    event.preventDefault();
  }
});

share.addEventListener("change", async () => {
  if (share.value) await say("/shared", { kind: share.value });
  share.value = "";
  text.focus();
});
