// Bundles source/ into graphiql.js and graphiql.css. Run by hand, see README.md: the program is
// built without Node.js.
import { build } from "esbuild";

await build({
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
