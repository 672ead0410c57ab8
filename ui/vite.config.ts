import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const BACK_END = process.env.TAMPERLENS_URL ?? "http://127.0.0.1:8420";

export default defineConfig({
  plugins: [react()],
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
