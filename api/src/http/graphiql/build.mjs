// Bundles source/ into graphiql.js and graphiql.css. Run by hand, see README.md: the program is
// built without Node.js.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const { metafile } = await build({
  metafile: true,
  entryPoints: { graphiql: "source/main.jsx" },
  outdir: ".",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  jsx: "automatic",
  charset: "utf8",
  legalComments: "eof",
  define: { "process.env.NODE_ENV": '"production"' },
  // Fonts stand in the style sheet: one file less to serve.
  loader: { ".woff": "dataurl", ".woff2": "dataurl", ".svg": "dataurl" },
});

// The licences of what was bundled must go where it goes.
const folders = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const folder = path.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0];
  if (folder) folders.add(folder);
}
const texts = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const text = file ? readFileSync(`${folder}/${file}`, "utf8").trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}\n`;
});
const rule = `\n${"-".repeat(72)}\n\n`;
writeFileSync("licences.txt", `What graphiql.js and graphiql.css hold of others.\n${rule}${texts.join(rule)}`);
