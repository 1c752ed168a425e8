import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const EMOJI_MODULE = "virtual:emoji";

/** Slack's own emoji names, reduced at build time to one compact table of name -> characters. */
function emojiTable(): Plugin {
  return {
    name: "emoji-table",
    resolveId: (id) => (id === EMOJI_MODULE ? `\0${EMOJI_MODULE}` : null),
    load(id) {
      if (id !== `\0${EMOJI_MODULE}`) return null;
      const source = createRequire(import.meta.url).resolve(
        "emojibase-data/en/shortcodes/iamcal.json",
      );
      const codes = JSON.parse(readFileSync(source, "utf8")) as Record<string, string | string[]>;
      const table: Record<string, string> = {};
      for (const [hex, names] of Object.entries(codes)) {
        // Skin tones come as a modifier after the base name, so their variants need no entry.
        if (/1F3F[B-F]/.test(hex) && hex.includes("-")) continue;
        const characters = String.fromCodePoint(...hex.split("-").map((part) => parseInt(part, 16)));
        for (const name of [names].flat()) table[name] = characters;
      }
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(table))})`;
    },
  };
}

/** Writes down what the page was built from, so that a test without Node can tell a stale one. */
function sourceMark(): Plugin {
  return {
    name: "source-mark",
    apply: "build",
    generateBundle() {
      const under = (folder: string) =>
        readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => `${entry.parentPath}/${entry.name}`);
      const files = [...under("src"), ...under("public"), "index.html", "package-lock.json", "vite.config.ts"];
      const hash = createHash("sha256");
      for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
      this.emitFile({ type: "asset", fileName: "built-from.txt", source: `${hash.digest("hex")}\n` });
    },
  };
}

export default defineConfig(({ command }) => ({
  plugins: [react(), emojiTable(), sourceMark()],
  // The server hands the built page out under /static/.
  base: command === "build" ? "/static/" : "/",
  build: {
    outDir: "../static",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      output: {
        // Stable names keep the diff of a rebuilt page small.
        entryFileNames: "assets/page.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
      },
    },
  },
  server: {
    proxy: {
      "/playground/live": { target: "ws://127.0.0.1:8899", ws: true, changeOrigin: true },
      "/playground": { target: "http://127.0.0.1:8899", changeOrigin: true },
    },
  },
  test: { environment: "jsdom" },
}));
