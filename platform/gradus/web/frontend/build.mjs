// Bundles scripts and styles into ../static/dist with hashed names, compresses them, and writes
// manifest.json, which the `asset` template tag reads. `HTMX=FILE node build.mjs`; called by `make setup`.
import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");

// Every browser that we support reads woff2: the other two formats of each font stay out. For code in
// a formula the font of all other code will do.
const fewerFonts = {
  name: "fewer-fonts",
  setup(build) {
    build.onLoad({ filter: /katex\.min\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      const contents = css
        .replace(/,url\([^)]+\.(woff|ttf)\) format\("[^"]+"\)/g, "")
        .replace(/@font-face\{[^}]*KaTeX_Typewriter[^}]*\}/g, "")
        .replaceAll("font-family:KaTeX_Typewriter", "font-family:var(--mono);font-size:.9em");
      return { contents, loader: "css" };
    });
  },
};

// The language and its completions are one module, and a module is loaded as a whole. Imported as ?language
// it comes without what only completions need; they follow with typing.js.
const languageAlone = {
  name: "language-alone",
  setup(build) {
    build.onResolve({ filter: /^@codemirror\/lang-python\?language$/ }, async ({ kind, resolveDir }) => {
      const { path } = await build.resolve("@codemirror/lang-python", { kind, resolveDir });
      return { path, suffix: "?language" };
    });
    build.onLoad({ filter: /lang-python/ }, async ({ path, suffix }) => {
      if (suffix !== "?language") return null;
      const code = await readFile(path, "utf8");
      const [line, names] = code.match(/^import \{(.*)\} from '@codemirror\/autocomplete';$/m);
      const unused = names.split(",").map((name) => `${name} = () => null`);
      return { contents: code.replace(line, `const ${unused.join()};`), resolveDir: dirname(path) };
    });
  },
};

// htmx comes with django-htmx, already small; here it gets a hashed name and is compressed like the rest.
async function copyHtmx() {
  const code = await readFile(process.env.HTMX);
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 8).toUpperCase();
  await writeFile(join(dist, `htmx-${hash}.js`), code);
  return `htmx-${hash}.js`;
}

// WhiteNoise serves the smallest form that a browser reads. Fonts are compressed already.
async function compress() {
  for (const name of await readdir(dist)) {
    if (!/\.(js|css)$/.test(name)) continue;
    const plain = await readFile(join(dist, name));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
    await writeFile(join(dist, `${name}.br`), brotliCompressSync(plain, { params }));
    await writeFile(join(dist, `${name}.gz`), gzipSync(plain, { level: 9 }));
  }
}

await rm(dist, { recursive: true, force: true });
const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: { app: "src/app.js", editor: "src/editor.js", math: "src/math.js", styles: "css/styles.css" },
  outdir: dist,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  bundle: true,
  splitting: true, // what an import() names comes when it is asked for
  minify: true,
  format: "esm",
  target: ["chrome125", "firefox128", "safari17.5"],
  // light-dark(), nesting and layers are in all of these: leave them as written
  supported: { nesting: true },
  loader: { ".woff2": "file" },
  plugins: [fewerFonts, languageAlone],
  metafile: true,
  logLevel: "warning",
});

// Each bundle with the chunks that it cannot start without, so that the page asks for all at once.
const manifest = {};
for (const [path, { entryPoint, imports }] of Object.entries(result.metafile.outputs)) {
  const name = basename(path);
  if (!entryPoint && !name.endsWith(".css")) continue;
  const needed = imports.filter((i) => i.kind === "import-statement").map((i) => basename(i.path));
  manifest[name.replace(/-[A-Z0-9]{8}(?=\.)/, "")] = [name, ...needed];
}
manifest["htmx.js"] = [await copyHtmx()];
await compress();
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
