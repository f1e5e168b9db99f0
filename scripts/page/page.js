// The page: puts what is chosen into command lines, and shows what the program answers.
"use strict";

const HOME = "/home/iro";
const STORE = `${HOME}/iro.db`;
const LARGEST = Number("{{megabytes}}");
const element = (id) => document.getElementById(id);
let asked = null; // the words of the last question that was answered
let unsaved = false;
let refused = null; // the rows that were refused, as a file
let dropped = null; // files that were dropped, until others are chosen

function fail(words) {
  element("starting").hidden = true;
  element("failure").textContent = words;
  element("failure").hidden = false;
}

// ---------------------------------------------------------------- the program

let worker = null;
const waiting = new Map();
let last = 0;

function call(name, more = {}) {
  return new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    worker.postMessage({ call: name, id: last, ...more });
  });
}

function heard({ data }) {
  if (data.kind === "progress") {
    element("progress").value = data.step;
    element("step").textContent = data.words;
    return;
  }
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  if (data.kind === "done") resolve(data.value);
  else reject(new Error(data.why));
}

const OTHER = "Another browser of today (Edge, Chrome, Firefox, Safari) may, and the command line does without.";

async function start() {
  for (const [name, there] of [
    ["WebAssembly", typeof WebAssembly === "object"],
    ["Worker", typeof Worker === "function"],
    ["DecompressionStream", typeof DecompressionStream === "function"],
  ])
    if (!there) {
      fail(`This browser cannot run the program: it has no ${name}, or it was turned off. ${OTHER}`);
      return;
    }
  const packed = {};
  for (const part of document.querySelectorAll("script[data-part]")) {
    packed[part.dataset.part] = part.textContent.trim();
    part.remove();
  }
  const code = new Blob([packed["worker.js"]], { type: "text/javascript" });
  delete packed["worker.js"];
  try {
    // No module: from the disk, Chromium starts none.
    worker = new Worker(URL.createObjectURL(code));
    worker.onmessage = heard;
    const broken = new Promise((_, reject) => {
      worker.onerror = (event) => reject(new Error(event.message || "it did not start"));
    });
    await Promise.race([call("start", { packed }), broken]);
  } catch (error) {
    fail(`The program could not be started in this browser (${error.message}). ${OTHER}`);
    return;
  }
  element("step").textContent = "Ready. Open files, or look at the fictional authority.";
  element("progress").hidden = true;
  busy(false);
  document.body.dataset.state = "ready";
}

function busy(is) {
  for (const one of document.querySelectorAll("button, #store")) one.disabled = is;
  document.body.setAttribute("aria-busy", String(is));
}

// Runs something while nothing else can be asked; what goes wrong is said, never nothing.
async function during(place, work) {
  busy(true);
  try {
    await work();
  } catch (error) {
    say(place, `The page could not do that (${error.message}). What was read before is still here, if the next question is answered; else load the page again.`, true);
  } finally {
    busy(false);
  }
}

// ---------------------------------------------------------------- what is said

function say(place, text, wrong = false) {
  const box = document.createElement("pre");
  box.textContent = text.trim();
  if (wrong) box.className = "wrong";
  element(place).replaceChildren(...(text.trim() ? [box] : []));
}

const quoted = (word) => (/^[\w./:=+-]+$/.test(word) ? word : `"${word}"`);
// What the program printed; where a file lies within the page means nothing outside of it.
const outcome = (found) =>
  `${found.out}${found.err}`
    .replace(/^written: .*\n/m, "")
    .replaceAll(`${HOME}/in/`, "")
    .replaceAll(`${HOME}/out/`, "")
    .replaceAll(STORE, "iro.db");

function download(name, bytes) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// Shows a page of the program's within this one: its headings one step down, its areas told apart.
function show(html) {
  // Its own style would be refused here, as everything is that did not come with this page.
  const bare = html.replace(/<style>[^<]*<\/style>/, "");
  const page = new DOMParser().parseFromString(bare, "text/html");
  const found = document.createElement("div");
  for (const part of page.querySelectorAll("body > header, body > main"))
    found.append(...document.importNode(part, true).childNodes);
  for (const level of [3, 2, 1])
    for (const old of found.querySelectorAll(`h${level}`)) {
      const heading = document.createElement(`h${level + 2}`);
      heading.append(...old.childNodes);
      old.replaceWith(heading);
    }
  for (const one of found.querySelectorAll("[id]")) one.removeAttribute("id");
  for (const one of found.querySelectorAll("[aria-labelledby]")) one.removeAttribute("aria-labelledby");
  found.querySelectorAll(".wide, .scroll").forEach((one, place) => {
    const caption = one.querySelector("caption")?.textContent.split("\n")[0] ?? "Listing";
    one.setAttribute("aria-label", `${place + 1}. ${caption}`);
  });
  element("shown").replaceChildren(...found.childNodes);
}

// ---------------------------------------------------------------- files in

async function read(only) {
  const files = [...(dropped ?? element("files").files)];
  if (!files.length) return say("said", "No file was chosen: choose one, or drop it on this page.", true);
  const size = files.reduce((sum, one) => sum + one.size, 0) / 1e6;
  if (size > LARGEST)
    return say("said", `${files.length > 1 ? "Together they have" : `${files[0].name} has`} ${Math.ceil(size)} MB, and this page reads ${LARGEST} MB at most: the command line reads larger files.`, true);
  await during("said", async () => {
    say("said", "Reading …");
    await call("clear", { path: `${HOME}/in` });
    const words = ["import", element("source").value];
    for (const file of files) {
      const path = `${HOME}/in/${file.name}`;
      await call("write", { path, bytes: new Uint8Array(await file.arrayBuffer()) });
      if (file.name.toLowerCase().endsWith(".toml")) words.push("--columns", path);
      else words.push(path);
    }
    if (only) words.push("--dry-run");
    if (element("skip").checked) words.push("--skip-refused");
    const keep = `${HOME}/out/refused.csv`;
    const found = await call("run", { words: [...words, "--refused", keep, ...day()], keep });
    say("said", outcome(found), found.code !== 0);
    refused = found.file;
    element("left").hidden = !refused;
    if (found.code === 0 && !only) await changed();
  });
}

async function changed() {
  unsaved = true;
  const found = await call("run", { words: ["caseload", "-f", "json", ...day()] });
  const names = found.code ? [] : JSON.parse(found.out).rows.map((one) => one.name);
  const list = await call("run", { words: ["child", "list", "-f", "json"] });
  const children = list.code ? [] : JSON.parse(list.out).rows.map((one) => one.child ?? one.child_id);
  for (const [id, values] of [["iros", names], ["children", children]])
    element(id).replaceChildren(...values.map((one) => Object.assign(document.createElement("option"), { value: one })));
}

// ---------------------------------------------------------------- questions

const day = () => (element("day").value ? ["--as-of", element("day").value] : []);

function line(question) {
  const words = [...question.split(" "), ...day()];
  const value = (id) => element(id).value.trim();
  if (["show", "explain"].includes(question)) words.push(...(value("child") ? [value("child")] : []));
  if (["due", "overdue"].includes(question)) {
    if (value("iro")) words.push("--iro", value("iro"));
    if (question === "due") {
      if (element("all").checked) words.push("--all");
      const found = value("words").split(/\s+/).filter(Boolean);
      // What begins with a dash is a word here, and no option.
      if (found.length) words.push(...(found.some((one) => one.startsWith("-")) ? ["--"] : []), ...found);
    }
  }
  return words;
}

async function ask(question) {
  await during("told", async () => {
    const words = line(question);
    say("told", "Working it out …");
    const path = `${HOME}/out/answer.html`;
    const found = await call("run", { words: [...words, "-f", "html", "-o", path], keep: path });
    element("line").replaceChildren("On the command line: ", Object.assign(document.createElement("code"), { textContent: ["iro", ...words].map(quoted).join(" ") }));
    element("line").hidden = false;
    const ok = found.file !== null;
    say("told", outcome({ ...found, out: "" }), !ok);
    element("shown").replaceChildren();
    if (ok) show(new TextDecoder().decode(found.file));
    element("take").hidden = !ok;
    asked = ok ? words : null;
  });
  element("answer").focus({ preventScroll: true });
  element("answer").scrollIntoView();
}

async function take(form) {
  await during("told", async () => {
    const name = `${asked.filter((one) => /^[a-z]+$/.test(one)).slice(0, 2).join("-")}.${form}`;
    const path = `${HOME}/out/${name}`;
    const found = await call("run", { words: [...asked, "-f", form, "-o", path], keep: path });
    say("told", outcome({ ...found, out: "" }), found.file === null);
    if (found.file) download(name, found.file);
  });
}

// ---------------------------------------------------------------- the store

async function save() {
  await during("kept", async () => {
    const path = `${HOME}/out/iro.db`;
    const found = await call("run", { words: ["backup", path], keep: path });
    if (!found.file) return say("kept", outcome(found), true);
    download("iro.db", found.file);
    unsaved = false;
    say("kept", "Saved as a copy that was read back whole. It holds facts about children: keep it where only you can read it. This page forgets them when it is closed.");
  });
}

async function open(file) {
  if (file.size / 1e6 > LARGEST)
    return say("kept", `${file.name} has ${Math.ceil(file.size / 1e6)} MB, and this page opens ${LARGEST} MB at most: the command line opens larger stores.`, true);
  await during("kept", async () => {
    const path = `${HOME}/in/${file.name}`;
    await call("clear", { path: `${HOME}/in` });
    await call("write", { path, bytes: new Uint8Array(await file.arrayBuffer()) });
    let found = await call("run", { words: ["overdue", "--database", path] });
    // A store of an older version is moved on, as `iro doctor --migrate` does; any other that
    // cannot be opened is refused once more, with its reason.
    if (found.code) found = await call("run", { words: ["doctor", "--migrate", "--database", path] });
    if (found.code) return say("kept", outcome({ ...found, out: "" }), true);
    await call("replace", { from: path, to: STORE });
    await changed();
    unsaved = false;
    say("kept", `${file.name} is open. What you change is in this page alone, until you save the store.`);
  });
}

async function demo() {
  await during("said", async () => {
    const found = await call("run", { words: ["demo", "--database", STORE, "-f", "csv"] });
    say("said", found.code ? outcome(found) : "A fictional authority is here, as on 23 November 2026. Nobody in it exists.", found.code !== 0);
    if (found.code) return;
    element("day").value = "2026-11-23";
    await changed();
    unsaved = false;
  });
}

// ---------------------------------------------------------------- what is pressed

element("read").addEventListener("submit", (event) => { event.preventDefault(); read(false); });
element("try").addEventListener("click", () => read(true));
element("demo").addEventListener("click", demo);
element("refused").addEventListener("click", () => download("refused.csv", refused));
element("save").addEventListener("click", save);
element("store").addEventListener("change", ({ target }) => { if (target.files.length) open(target.files[0]); });
element("files").addEventListener("change", () => { dropped = null; say("said", ""); });
element("questions").addEventListener("submit", (event) => {
  event.preventDefault();
  ask(event.submitter?.value || "due");
});
element("take").addEventListener("click", ({ target }) => { if (target.value) take(target.value); });
addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
addEventListener("dragleave", () => document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (!event.dataTransfer.files.length) return;
  dropped = event.dataTransfer.files;
  say("said", `Dropped: ${[...dropped].map((one) => one.name).join(", ")}. Say what they are, and read them.`);
});
addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
start();
