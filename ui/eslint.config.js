import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

export default defineConfig(
  globalIgnores(["src/api/schema.ts", "e2e/out"]),
  ts.configs.recommended,
  hooks.configs.flat.recommended,
  {
    rules: {
      complexity: ["error", 12],
      "max-lines": ["error", { max: 200, skipBlankLines: true }],
      "no-console": "error",
      eqeqeq: "error",
      // The stage is a foreign object that exists only once its element does.
      "react-hooks/set-state-in-effect": "off",
    },
  },
  { files: ["src/words/*.ts"], rules: { "max-lines": "off" } },
  { files: ["scripts/*.mjs"], rules: { "no-console": "off" } },
);
