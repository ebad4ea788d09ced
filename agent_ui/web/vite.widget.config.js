import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig } from "vite";

/** The widget is two files. `--mode call` builds what a call needs, a module that is loaded on demand. `--mode entry`
 * builds what the script tag names: one classic script that leaves no name behind, with the other's address and
 * integrity value inside. */
const OUT = "../static/widget";
const LARGEST_ENTRY = 25_000;

const isEntry = (mode) => mode === "entry";

function builtCall() {
  const name = readdirSync(OUT).find((file) => /^call-.*\.js$/.test(file));
  if (!name) throw new Error("build the call's part first: vite build -c vite.widget.config.js --mode call");
  const digest = createHash("sha384").update(readFileSync(join(OUT, name))).digest("base64");
  return { CALL_CHUNK: JSON.stringify(name), CALL_INTEGRITY: JSON.stringify(`sha384-${digest}`) };
}

function limitSize() {
  return {
    name: "limit-size",
    writeBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const size = gzipSync(file.code, { level: 9 }).length;
        this.info(`${file.fileName}: ${size} bytes gzipped, ${LARGEST_ENTRY} allowed`);
        if (size >= LARGEST_ENTRY) this.error(`the widget is too large: ${size} bytes gzipped`);
      }
    },
  };
}

export default defineConfig(({ mode }) => {
  if (!isEntry(mode)) rmSync(OUT, { recursive: true, force: true });
  return {
    base: "./",
    publicDir: false,
    define: isEntry(mode) ? builtCall() : {},
    plugins: isEntry(mode) ? [limitSize()] : [],
    build: {
      outDir: OUT,
      emptyOutDir: false,
      manifest: isEntry(mode),
      modulePreload: false,
      target: "es2022",
      rolldownOptions: {
        input: isEntry(mode) ? "src/widget/main.ts" : "src/widget/call/main.ts",
        preserveEntrySignatures: "strict",
        output: isEntry(mode)
          ? { format: "iife", entryFileNames: "widget-[hash].js" }
          : { format: "es", entryFileNames: "call-[hash].js", codeSplitting: false },
      },
    },
  };
});
