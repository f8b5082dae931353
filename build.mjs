/** Styles, scripts and fonts into static/build. Names stay plain: the server's storage adds a hash of the content. */
import { cp, readFile, readdir, rm } from "node:fs/promises";
import { build } from "esbuild";
import { trim } from "./front/kit.mjs";

const OUT = "static/build";

async function ourStyles() {
  const names = (await readdir("front")).filter((name) => name.endsWith(".css"));
  return (await Promise.all(names.map((name) => readFile(`front/${name}`, "utf8")))).join("\n");
}

const trimmedKit = {
  name: "trimmed kit",
  setup(pages) {
    pages.onLoad({ filter: /tabler\.min\.css$/ }, async ({ path }) => (
      { contents: trim(await readFile(path, "utf8"), await ourStyles()), loader: "css" }
    ));
  },
};

await rm(OUT, { recursive: true, force: true });
await build({
  entryPoints: [{ in: "front/app.css", out: "tiendo" }, { in: "front/app.js", out: "tiendo" }],
  outdir: OUT,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome123", "firefox120", "safari17.5"],        // the first to know light-dark()
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  legalComments: "eof",
  logLevel: "warning",
  plugins: [trimmedKit],
});
await cp("front/icon.svg", `${OUT}/icon.svg`);
