// Runs the program: Python in WebAssembly, away from the page, so that the page stays alive.
// It holds no answer of its own: what it is asked is a command line, and what it gives back is
// what the program printed.
"use strict";

const HOME = "/home/iro";
let python = null;
let answer = null;

const say = (step, words) => postMessage({ kind: "progress", step, words });

async function unpacked(base64) {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const address = (bytes) =>
  URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));

async function start(packed) {
  say(1, "Unpacking the program …");
  const parts = {};
  for (const [name, text] of Object.entries(packed)) parts[name] = await unpacked(text);
  // Nothing is fetched: what Python asks for by name lies in the page.
  self.fetch = async (url) => {
    const name = String(url).split("/").pop();
    if (!parts[name]) throw new TypeError(`${name} is not in the page`);
    const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
    return new Response(parts[name], { headers: { "Content-Type": type } });
  };
  // Pyodide takes a worker that has this for one that cannot import modules: this one can.
  self.importScripts = () => {
    throw new TypeError("nothing is fetched");
  };
  say(2, "Starting Python …");
  const { loadPyodide } = await import(address(parts["pyodide.mjs"]));
  const made = await import(address(parts["pyodide.asm.mjs"]));
  python = await loadPyodide({
    indexURL: "file:///iro/",
    packageBaseUrl: "file:///iro/",
    lockFileContents: new TextDecoder().decode(parts["pyodide-lock.json"]),
    createPyodideModule: made.default,
    env: { HOME, IRO_DATABASE: `${HOME}/iro.db`, TZ: "UTC" },
    stdout: () => {},
    stderr: () => {},
  });
  say(3, "Loading the program …");
  python.FS.chmod(HOME, 0o700);
  for (const name of ["in", "out"]) python.FS.mkdirTree(`${HOME}/${name}`);
  python.unpackArchive(parts["site.zip"], "zip", {
    extractDir: python.runPython("import site; site.getsitepackages()[0]"),
  });
  answer = python.runPython(new TextDecoder().decode(parts["inside.py"]));
  say(4, "Ready.");
}

const calls = {
  start: ({ packed }) => start(packed),
  // Runs one command line; `keep` names a file that it writes, which is given back.
  run({ words, keep }) {
    if (keep && python.FS.analyzePath(keep).exists) python.FS.unlink(keep);
    const found = answer(words);
    const [code, out, err] = found.toJs();
    found.destroy();
    const there = keep && python.FS.analyzePath(keep).exists;
    return { code, out, err, file: there ? python.FS.readFile(keep) : null };
  },
  write({ path, bytes }) {
    python.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
    python.FS.writeFile(path, bytes);
  },
  // Takes the files of a folder away, but leaves the folder.
  clear({ path }) {
    for (const name of python.FS.readdir(path))
      if (name !== "." && name !== "..") python.FS.unlink(`${path}/${name}`);
  },
  replace({ from, to }) {
    for (const ending of ["", "-wal", "-shm", "-journal"]) {
      if (python.FS.analyzePath(to + ending).exists) python.FS.unlink(to + ending);
      if (python.FS.analyzePath(from + ending).exists) python.FS.rename(from + ending, to + ending);
    }
  },
};

onmessage = async ({ data }) => {
  try {
    postMessage({ kind: "done", id: data.id, value: await calls[data.call](data) });
  } catch (error) {
    postMessage({ kind: "failed", id: data.id, why: `${error?.name}: ${error?.message}`.slice(0, 300) });
  }
};
