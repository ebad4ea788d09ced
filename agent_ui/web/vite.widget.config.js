import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig } from "vite";

/** The widget is three files. `--mode call` builds what a call needs and `--mode share` what sharing the page needs,
 * modules that are loaded on demand. `--mode entry` builds what the script tag names: one classic script that leaves
 * no name behind, with the others' addresses and integrity values inside. */
const OUT = "../static/widget";
const LARGEST_ENTRY = 25_000;

const isEntry = (mode) => mode === "entry";

const MODULES = { call: "src/widget/call/main.ts", share: "src/cobrowse/capture/page.ts" };

function built(part) {
  const name = readdirSync(OUT).find((file) => file.startsWith(`${part}-`) && file.endsWith(".js"));
  if (!name) throw new Error(`build that part first: vite build -c vite.widget.config.js --mode ${part}`);
  const digest = createHash("sha384").update(readFileSync(join(OUT, name))).digest("base64");
  const names = part.toUpperCase();
  return { [`${names}_CHUNK`]: JSON.stringify(name), [`${names}_INTEGRITY`]: JSON.stringify(`sha384-${digest}`) };
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
  if (mode === "call") rmSync(OUT, { recursive: true, force: true });
  return {
    base: "./",
    publicDir: false,
    define: isEntry(mode) ? { ...built("call"), ...built("share") } : {},
    plugins: isEntry(mode) ? [limitSize()] : [],
    build: {
      outDir: OUT,
      emptyOutDir: false,
      manifest: isEntry(mode),
      modulePreload: false,
      target: "es2022",
      rolldownOptions: {
        input: isEntry(mode) ? "src/widget/main.ts" : MODULES[mode],
        preserveEntrySignatures: "strict",
        output: isEntry(mode)
          ? { format: "iife", entryFileNames: "widget-[hash].js" }
          : { format: "es", entryFileNames: `${mode}-[hash].js`, codeSplitting: false },
      },
    },
  };
});
