import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  base: "/static/dist/",
  build: {
    outDir: "../static/dist",
    emptyOutDir: true,
    manifest: true,
    // Fonts stay files: the content security policy allows none that are inlined.
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["src/main.tsx", "src/gate.ts"] },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
