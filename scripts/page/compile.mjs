// Puts the wheels into one archive of compiled modules, by the Python that will read them.
// node compile.mjs PYODIDE-FOLDER WHEELS-FOLDER ARCHIVE
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [folder, wheels, archive] = process.argv.slice(2).map((one) => resolve(one));
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: `${folder}/` });
for (const name of readdirSync(wheels).sort())
  python.unpackArchive(new Uint8Array(readFileSync(`${wheels}/${name}`)), "zip", {
    extractDir: "/site",
  });
python.runPython(`
import compileall, pathlib, py_compile, zipfile

site = pathlib.Path("/site")
compileall.compile_dir(
    site, quiet=2, legacy=True, stripdir="/site",
    invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
)
with zipfile.ZipFile("/site.zip", "w", zipfile.ZIP_DEFLATED) as archive:
    for path in sorted(site.rglob("*")):
        # A module that is compiled needs no text, and no other Python's machine code runs here.
        foreign = path.suffix == ".so" and "wasm32" not in path.name
        if path.is_dir() or foreign or (path.suffix == ".py" and path.with_suffix(".pyc").exists()):
            continue
        if path.name in ("RECORD", "py.typed") or path.suffix in (".pyi", ".c", ".po"):
            continue
        name = zipfile.ZipInfo(path.relative_to(site).as_posix(), (1980, 1, 1, 0, 0, 0))
        name.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(name, path.read_bytes())
`);
writeFileSync(archive, python.FS.readFile("/site.zip"));
