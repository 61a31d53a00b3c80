// The side panel: where the script stands, and the author's hands on time, person and language.
import { send } from "/send.js";

const at = (id) => document.getElementById(id);
let now = null;

export function nowIs(moment) {
  const when = new Date(moment);
  return when.toLocaleString([], { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
}

function item(...parts) {
  const made = document.createElement("li");
  made.append(...parts);
  return made;
}

function place(path, line, words) {
  if (!path) return document.createTextNode(words);
  const link = document.createElement("a");
  Object.assign(link, { href: `/source/${path}#L${line}`, target: "_blank", textContent: words });
  return link;
}

function terms(list, pairs) {
  list.replaceChildren(...pairs.flatMap(([name, value]) => {
    const term = document.createElement("dt");
    const told = document.createElement("dd");
    term.textContent = name;
    told.textContent = Array.isArray(value) ? value.join(", ") : String(value);
    return [term, told];
  }));
  if (!pairs.length) list.append(Object.assign(document.createElement("dd"), { textContent: "nothing" }));
}

function understood(read) {
  if (!read) return [];
  const rejection = Object.entries(read.rejection ?? {});
  const rest = Object.entries(read).filter(([name]) => name !== "rejection");
  return [...rest, ...rejection].filter(([, value]) => value !== null && value !== "" && value.length !== 0);
}

function finding(each) {
  const where = place(each.path, each.line, `${each.path}:${each.line}`);
  const made = item(where, ` ${each.severity} ${each.code}: ${each.message} ${each.remedy}`);
  made.className = each.severity;
  return made;
}

export function showPanel(panel) {
  now = new Date(panel.now);
  at("now").dateTime = panel.now;
  at("now").textContent = nowIs(panel.now);
  at("at").replaceChildren(...panel.at.map((each) => item(
    place(each.path, each.line, each.place),
    each.path ? ` ${each.path}:${each.line}` : "",
  )));
  if (!panel.at.length) at("at").append(item("at rest: nothing is open"));
  terms(at("read"), understood(panel.read));
  terms(at("variables"), panel.variables);
  at("promised").replaceChildren(...panel.promised.map((each) => item(`${nowIs(each.due)}: ${each.kind} (${each.zone})`)));
  if (!panel.promised.length) at("promised").append(item("no check-in"));
  at("next").disabled = !panel.promised.length;
  at("faults").hidden = !panel.findings.length;
  at("findings").replaceChildren(...panel.findings.map(finding));
  const options = panel.locales.map((each) => Object.assign(document.createElement("option"), { value: each, textContent: each }));
  at("language").replaceChildren(...options);
  at("language").value = panel.language ?? panel.locales[0];
}

document.querySelectorAll("[data-minutes]").forEach((each) => {
  each.addEventListener("click", () => send("/time", { minutes: Number(each.dataset.minutes) }));
});
at("next").addEventListener("click", () => send("/next-check-in"));
at("restart").addEventListener("click", () => send("/restart"));
at("language").addEventListener("change", (event) => send("/language", { locale: event.target.value }));
at("until").addEventListener("submit", (event) => {
  event.preventDefault();
  send("/time", { minutes: (new Date(at("moment").value) - now) / 60000 });
});
