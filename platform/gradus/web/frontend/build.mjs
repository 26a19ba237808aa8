// Bundles scripts and styles into ../static/dist with hashed names, and writes manifest.json, which
// the `asset` template tag reads. `node build.mjs`; called by `make setup`.
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");

// Every browser that we support reads woff2: the other two formats of each font stay out.
const onlyWoff2 = {
  name: "only-woff2",
  setup(build) {
    build.onLoad({ filter: /katex\.min\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      return { contents: css.replace(/,url\([^)]+\.(woff|ttf)\) format\("[^"]+"\)/g, ""), loader: "css" };
    });
  },
};

await rm(dist, { recursive: true, force: true });
const result = await esbuild.build({
  absWorkingDir: here,
  entryPoints: { app: "src/app.js", editor: "src/editor.js", math: "src/math.js", styles: "css/styles.css" },
  outdir: dist,
  entryNames: "[name]-[hash]",
  assetNames: "fonts/[name]-[hash]",
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome125", "firefox128", "safari17.5"],
  // light-dark(), nesting and layers are in all of these: leave them as written
  supported: { nesting: true },
  loader: { ".woff2": "file" },
  plugins: [onlyWoff2],
  metafile: true,
  logLevel: "warning",
});

const names = Object.keys(result.metafile.outputs)
  .map((path) => basename(path))
  .filter((name) => /\.(js|css)$/.test(name));
const manifest = Object.fromEntries(names.map((name) => [name.replace(/-[A-Z0-9]{8}(?=\.)/, ""), name]));
await writeFile(join(dist, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
