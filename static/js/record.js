// Each tap is kept on the device first, then sent in order; the state line says "on the server" only when it is.
// A tap that waits lies in localStorage under its own key, so that neither a reload nor another tab loses it; the
// server takes the same key once, so that sending it twice does no harm.

const form = document.querySelector("[data-record]");
const text = form.dataset;
const state = form.querySelector("[data-state]");
const prefix = `tap:${text.record}:`;
const chips = JSON.parse(document.getElementById("chips").textContent);
const versions = new Map(form.elements.seen.value.split(";").filter(Boolean).map((one) => [one.split("=")[0], parseInt(one.split("=")[1], 10)]));
const queue = new Map();
const typing = new Map();
let seq = 0;
let busy = null;
let pause = 0;
let trouble = "";
let savedAt = "";

const uuid = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (d) => (d ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (d / 4)))).toString(16));
const nameOf = (tap) => (tap.aspect ? `${tap.item}.${tap.aspect}` : tap.item);
const line = (name) => document.getElementById(name);
const radio = (name, value) => document.getElementById(`${name}-${value}`);
const noteOf = (name) => form.elements[`n-${name}`];
const label = (name, value) => radio(name, value)?.nextElementSibling.textContent ?? "–";
const fill = (sentence, words) => sentence.replace(/\{(\w+)\}/g, (_, word) => words[word]);

// --- the queue

function keep(tap) {
  queue.set(tap.key, tap);
  try {
    localStorage.setItem(prefix + tap.key, JSON.stringify(tap));
  } catch {
    // full or forbidden: memory has it
  }
}

function drop(tap) {
  queue.delete(tap.key);
  try {
    localStorage.removeItem(prefix + tap.key);
  } catch {
    // as above
  }
}

function recall() {
  try {
    const kept = Object.keys(localStorage).filter((key) => key.startsWith(prefix)).map((key) => JSON.parse(localStorage[key]));
    kept.sort((a, b) => a.tapped_at.localeCompare(b.tapped_at) || a.seq - b.seq);
    for (const tap of kept) queue.set(tap.key, tap);
  } catch {
    // nothing can be kept here
  }
  for (const tap of queue.values()) {
    const name = nameOf(tap);
    if (!line(name)) continue;
    if (tap.value) radio(name, tap.value).checked = true;
    noteOf(name).value = tap.note;
  }
}

// A tap on top of one that still waits has seen what that one will have made: `after` names it.
function tap(name) {
  clearTimeout(typing.get(name));
  typing.delete(name);
  const [item, aspect = ""] = name.split(".");
  const before = [...queue.values()].filter((one) => nameOf(one) === name).pop();
  const value = form.querySelector(`input[name="${name}"]:checked`)?.value ?? "";
  noteOf(name).parentElement.classList.toggle("has-text", noteOf(name).value !== "");
  seq += 1;
  keep({
    key: uuid(), client_id: form.elements.client.value, seq, item, aspect, value, note: noteOf(name).value.trim(),
    base_version: before ? before.base_version : versions.get(name) ?? 0, tapped_at: new Date().toISOString(), after: before?.key,
  });
  count();
  send();
}

// --- sending

const send = () => (busy ??= drain().finally(() => {
  busy = null;
  say();
}));

async function drain() {
  clearTimeout(pause);
  while (queue.size && trouble !== "locked") {
    const [one] = queue.values();
    if (trouble !== "waiting") trouble = "";
    say();
    const answer = await post(one);
    if (!answer || answer.status >= 500 || answer.status === 429) return later();
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return void (trouble = "session");
    const told = await answer.json().catch(() => null);
    if (!told) return later();
    if (answer.status === 409) return void ([trouble, text.locked] = ["locked", told.message]);
    trouble = "";
    drop(one);
    if (answer.ok) take(one, told);
    else warn(nameOf(one), `${text.textRefused} ${told.message}`);
  }
}

async function post({ after, ...body }) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 15000);
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  try {
    return await fetch(text.tap, {
      method: "POST", redirect: "manual", signal: stop.signal, body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    });
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function later() {
  trouble = "waiting";
  pause = setTimeout(send, 4000);
}

function take(one, told) {
  const name = nameOf(one);
  savedAt = `${told.saved_at.slice(11, 16).replace(":", document.documentElement.lang === "en" ? ":" : ".")} ${text.zone}`;
  if (told.outcome === "applied") {
    versions.set(name, told.version);
    noteOf(name).value ||= told.note;
    for (const next of queue.values()) if (next.after === one.key) keep({ ...next, base_version: told.version });
  }
  if (!told.rival) return line(name)?.querySelector(".rec-alert")?.remove();
  const lost = told.outcome === "conflict";
  const [mine, theirs] = lost ? [one.value, told.value] : [told.value, told.rival.value];
  const sentence = mine === theirs ? text.textNotes : text.textRival;
  warn(name, fill(sentence, { mine: label(name, mine), theirs: label(name, theirs) }), text.conflict);
}

function warn(name, sentence, address) {
  const place = line(name);
  if (!place) return;
  place.querySelector(".rec-alert")?.remove();
  const box = Object.assign(document.createElement("p"), { className: "rec-alert", textContent: `${sentence} ` });
  box.setAttribute("role", "alert");
  if (address) box.append(Object.assign(document.createElement("a"), { href: address, textContent: text.textChoose }));
  place.append(box);
}

// --- what is on the screen

function say() {
  const kind = trouble || (queue.size ? "sending" : savedAt ? "saved" : state.dataset.state);
  const icon = { waiting: "cloud-off", session: "cloud-off", locked: "lock", sending: "cloud-up" }[kind] ?? "cloud-check";
  const words = { waiting: text.textWaiting, session: text.textSession, locked: text.locked, sending: text.textSending, saved: savedAt && text.textSaved }[kind];
  const use = state.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${icon}`));
  state.dataset.state = kind;
  state.querySelector("[data-login]").hidden = kind !== "session";
  if (words) state.querySelector("[data-text]").textContent = fill(words, { n: queue.size, time: savedAt });
}

function count() {
  let sum = 0;
  let all = 0;
  for (const block of form.querySelectorAll("[data-block]")) {
    const pieces = [...block.querySelectorAll("[data-piece]")];
    const units = pieces.length ? pieces : [...block.querySelectorAll(".rec-line")];
    const done = units.filter((unit) => unit.querySelectorAll(":checked").length === (pieces.length ? 4 : 1)).length;
    const place = document.querySelector(`[data-count="${block.dataset.block}"]`);
    place.textContent = `${done}/${units.length}`;
    place.parentElement.classList.toggle("is-done", done === units.length);
    sum += done;
    all += units.length;
  }
  form.querySelector("[data-sum]").textContent = `${sum}/${all}`;
}

function offerChips(name) {
  const box = noteOf(name).parentElement;
  if (!chips.length || box.querySelector(".rec-chips")) return;
  const row = Object.assign(document.createElement("div"), { className: "rec-chips" });
  for (const words of chips) row.append(Object.assign(document.createElement("button"), { type: "button", textContent: words }));
  noteOf(name).before(row);
}

// The row of phases follows the page.
const phases = document.querySelector(".rec-phases");
const reader = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    const link = phases.querySelector(`[href="#${target.id}"]`);
    if (!isIntersecting) link.removeAttribute("aria-current");
    if (!isIntersecting) continue;
    link.setAttribute("aria-current", "true");
    phases.scrollTo({ left: link.offsetLeft - 16 });
  }
}, { rootMargin: "-20% 0px -75% 0px" });
for (const block of form.querySelectorAll("[data-block]")) reader.observe(block);

// --- what people do

form.addEventListener("change", ({ target }) => {
  if (target.type === "radio") {
    if (target.value !== "Y") offerChips(target.name);
    tap(target.name);
  } else if (target.name?.startsWith("n-")) {
    const words = target.value.trim();
    if (words && words.length <= 80 && !chips.includes(words)) chips.unshift(words);
    if (typing.has(target.name.slice(2))) tap(target.name.slice(2));
  }
});

form.addEventListener("input", ({ target }) => {
  if (target.tagName !== "TEXTAREA") return;
  const name = target.name.slice(2);
  clearTimeout(typing.get(name));
  typing.set(name, setTimeout(tap, 1500, name));
});

form.addEventListener("click", ({ target }) => {
  const chip = target.closest(".rec-chips button");
  const all = target.closest("[data-all]");
  if (chip) {
    const note = chip.closest(".rec-note").querySelector("textarea");
    note.value = `${note.value} ${chip.textContent}`.trim();
    tap(note.name.slice(2));
  } else if (all) {
    for (const yes of all.closest("[data-piece]").querySelectorAll(".rec-Y:not(:checked)")) {
      yes.checked = true;
      tap(yes.name);
    }
  }
});

const settle = () => [...typing.keys()].forEach(tap);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  settle();
  await send();
  if (!queue.size || trouble === "locked") location.assign(text.review);
});
addEventListener("online", send);
addEventListener("pagehide", settle);
document.addEventListener("visibilitychange", () => (document.hidden ? settle() : send()));

recall();
for (const one of form.querySelectorAll(".rec-T:checked, .rec-TR:checked")) offerChips(one.name);
for (const button of form.querySelectorAll("[data-all]")) button.hidden = false;
count();
send();
