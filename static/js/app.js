// Comfort on top of pages that work without it. Words come from data-attributes, so that they are translated.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// --- forms: errors first, no double sending, passwords that can be seen

$("[data-error-summary]")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  if (!link) return;
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.closest(".field")?.scrollIntoView({ block: "start" });
  field.focus({ preventScroll: true });
});

// The switches of the page's frame load it anew: they ask first while something typed is not stored.
let unsaved = Boolean($("[data-error-summary], [data-unsaved]"));

document.addEventListener("input", (event) => (unsaved ||= event.target.form?.method === "post" && event.target.type !== "file"));
for (const stored of ["autosaved", "htmx:afterSwap"]) document.addEventListener(stored, () => (unsaved = false));

document.addEventListener("submit", (event) => {
  const { unsavedAsk, freshKey } = event.target.dataset;
  if (unsavedAsk && unsaved && !confirm(unsavedAsk)) event.preventDefault();
  if (freshKey) event.target.csrfmiddlewaretoken.value = key(freshKey) ?? event.target.csrfmiddlewaretoken.value;
});

// Signing in, in whichever tab, renews the key that forms carry.
const key = (cookie) => document.cookie.split("; ").find((one) => one.startsWith(`${cookie}=`))?.slice(cookie.length + 1);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if (event.submitter?.hasAttribute("data-again")) return; // shows something and stores nothing
  const to = event.submitter?.formAction || form.action;
  if (form.dataset.sent === to) event.preventDefault();
  form.dataset.sent = to;
  setTimeout(() => delete form.dataset.sent, 4000);
});

for (const box of $$(".password[data-show]")) {
  const input = $("input", box);
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary", textContent: box.dataset.show });
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = hidden ? box.dataset.hide : box.dataset.show;
  });
  box.append(button);
}

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submit-on-change]")) event.target.form.requestSubmit();
});

for (const tab of $$(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2; // on a phone it may lie aside
}

for (const button of $$("[data-print]")) button.hidden = false;
document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());

// --- repeated rows of a formset: <div data-formset="prefix"> with <template> and a hidden [data-formset-add]

for (const button of $$("[data-formset-add]")) button.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-formset-add]");
  const set = button?.closest("[data-formset]");
  if (!set) return;
  const total = $(`[name="${set.dataset.formset}-TOTAL_FORMS"]`, set);
  const row = document.createElement("div");
  row.innerHTML = $("template", set).innerHTML.replaceAll("__prefix__", total.value);
  total.value = Number(total.value) + 1;
  const added = row.firstElementChild;
  $("[data-formset-rows]", set).append(added);
  $("input:not([type=hidden]), select, textarea", added)?.focus();
});

// --- own words on file inputs

document.addEventListener("change", (event) => {
  const input = event.target;
  if (input.type !== "file" || !input.closest(".file-pick")) return;
  const name = $(".file-pick-name", input.parentElement);
  input.classList.add("is-live");
  if (!name) return;
  name.dataset.empty ??= name.textContent;
  name.textContent = input.files.length ? [...input.files].map((file) => file.name).join(", ") : name.dataset.empty;
});

// --- uploads: photos made smaller, progress in words, three tries

const LONGEST_SIDE = 1800;
const SHRINK_FROM = 1_000_000;

async function shrink(file) {
  if (!/^image\/(jpeg|png|webp|heic)$/.test(file.type) || file.size <= SHRINK_FROM) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file; // the server reads what this browser cannot
  }
}

function post(form, body, onProgress) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action") || location.href); // form.action may be a button of that name
    request.setRequestHeader("X-Requested-With", "upload");
    request.upload.addEventListener("progress", (step) => step.lengthComputable && onProgress(step.loaded / step.total));
    request.addEventListener("loadend", () => done(request));
    request.send(body);
  });
}

// The card lies around the form (one file alone) or inside it (a file among other fields, which stay untouched).
async function upload(form, chosen) {
  const card = form.closest("[data-file-card]") ?? $("[data-file-card]", form);
  const state = $("[data-upload-state]", card);
  const input = chosen ?? $("input[type=file]", form);
  if (!input.files.length || card.dataset.busy) return;
  card.dataset.busy = "1";
  const say = (text) => Object.assign(state, { hidden: false, textContent: text });
  say(form.dataset.textShrinking);
  const body = new FormData(form);
  body.set(input.name, await shrink(input.files[0]));
  let answer;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    answer = await post(form, body, (part) => say(`${form.dataset.textSending} ${Math.round(part * 100)}%`));
    if (answer.status && answer.status < 500) break;
    await new Promise((done) => setTimeout(done, 1000 * attempt));
  }
  delete card.dataset.busy;
  if (!answer.status || answer.status >= 500) return offerRetry(form, state, input);
  showAnswer(card, answer);
}

function offerRetry(form, state, input) {
  const again = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-secondary", textContent: form.dataset.textRetry });
  again.addEventListener("click", () => upload(form, input));
  state.replaceChildren(form.dataset.textLost, " ", again);
}

// The answer is the same page (or only the card): take the card and whatever is marked data-refresh from it.
function showAnswer(card, answer) {
  const page = new DOMParser().parseFromString(answer.responseText, "text/html");
  const fresh = page.getElementById(card.id);
  if (!fresh) return location.assign(answer.responseURL || location.href);
  for (const old of $$("[data-refresh][id]")) {
    const next = page.getElementById(old.id);
    if (next) old.replaceWith(next);
  }
  const news = page.getElementById("messages");
  if (news) $("#messages")?.replaceWith(news);
  card.replaceWith(fresh);
  readyCards(fresh);
  fresh.setAttribute("tabindex", "-1");
  fresh.focus({ preventScroll: true });
}

function readyCards(root) {
  for (const button of $$("[data-upload-send]", root)) button.hidden = true;
  if (!matchMedia("(pointer: coarse)").matches) return;
  for (const form of $$("[data-upload-camera]", root)) form.hidden = false;
}

readyCards(document);
document.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.form?.hasAttribute("data-upload")) upload(event.target.form, event.target);
});

// --- drafts that save themselves: <form data-autosave="url"> and [data-autosave-state]

const waiting = new WeakMap();

async function save(form) {
  const draft = waiting.get(form);
  if (draft.busy) return Object.assign(draft, { again: true });
  draft.busy = true;
  const state = $("[data-autosave-state]", form) ?? $("[data-autosave-state]");
  const say = (text) => state && text && (state.textContent = text);
  const body = new FormData(form);
  for (const input of $$("input[type=file]", form)) body.delete(input.name);
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-Requested-With": "autosave" } });
    if (answer.redirected || [401, 403].includes(answer.status)) say(state?.dataset.textSession);
    else if (answer.status === 409) say(state?.dataset.textConflict);
    else if (!answer.ok) say(state?.dataset.textFailed);
    else {
      const clock = new Date().toTimeString().slice(0, 5);
      say(state?.dataset.textSaved.replace("{time}", document.documentElement.lang === "en" ? clock : clock.replace(":", ".")));
      if (answer.headers.get("content-type")?.includes("json")) applyFields(form, (await answer.json()).fields);
      form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true }));
    }
  } catch {
    say(state?.dataset.textFailed);
  }
  draft.busy = false;
  if (draft.again) {
    draft.again = false;
    save(form);
  }
}

// The server may answer {"fields": {"version": 4}} to renew hidden inputs.
function applyFields(form, fields = {}) {
  for (const [name, value] of Object.entries(fields)) {
    const input = form.elements[name];
    if (input?.type === "hidden") input.value = value;
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.dataset.autosave || event.target.type === "file") return;
  const draft = waiting.get(form) ?? {};
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => save(form), 800);
  waiting.set(form, draft);
});
document.addEventListener("submit", (event) => clearTimeout(waiting.get(event.target)?.timer));
