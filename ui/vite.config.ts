import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const BACK_END = process.env.TAMPERLENS_URL ?? "http://127.0.0.1:8420";

/** The typeface's licence travels with its files. */
const fontLicence: Plugin = {
  name: "font-licence",
  generateBundle() {
    const source = readFileSync(new URL("./node_modules/@fontsource-variable/inter/LICENSE", import.meta.url), "utf8");
    this.emitFile({ type: "asset", fileName: "inter-licence.txt", source });
  },
};

export default defineConfig({
  plugins: [react(), fontLicence],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: { proxy: { "/api": BACK_END } },
  build: {
    outDir: "../src/tamperlens/service/static",
    emptyOutDir: true,
    // Nothing is inlined as a data: address, so that the content security policy needs no exception.
    assetsInlineLimit: 0,
    manifest: true,
    // The licences of everything that the build holds travel with it.
    license: { fileName: "licenses.md" },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/vitest.setup.ts"],
    css: false,
    // Enough for a busy machine; what hangs still ends.
    testTimeout: 60_000,
  },
});
