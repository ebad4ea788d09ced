import { defineConfig } from "vite";

// The viewer, and the customer's side as a file of its own; the widget has the latter as a chunk of its own build.
export default defineConfig({
  base: "/static/cobrowse/",
  publicDir: false,
  build: {
    outDir: "../static/cobrowse",
    emptyOutDir: true,
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["src/cobrowse/viewer/entry.ts", "src/cobrowse/viewer/replay.ts", "src/cobrowse/capture/page.ts"],
      preserveEntrySignatures: "exports-only",
    },
  },
});
