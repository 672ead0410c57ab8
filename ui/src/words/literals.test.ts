import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";

const SOURCE = "src/";
const SPOKEN = /\p{L}{2}/u;
const SENTENCE = /^\p{Lu}\p{Ll}+[^/]* \p{L}/u;
/** Attributes whose text people read or hear. */
const READ = /^(aria-(label|description|roledescription|valuetext|placeholder)|alt|caption|description|error|heading|label|lead|placeholder|summary|text|thumbLabel|title)$/;
/** What depends on a language that it does not name, or names itself. */
const FIXED = /^(toLocaleString|toLocaleDateString|toLocaleTimeString|localeCompare)$/;
/** Expressions whose parts are, or become part of, their value. */
const PASSES_ON = new Set([
  ts.SyntaxKind.JsxExpression, ts.SyntaxKind.ConditionalExpression, ts.SyntaxKind.TemplateExpression, ts.SyntaxKind.TemplateSpan,
  ts.SyntaxKind.ParenthesizedExpression, ts.SyntaxKind.BinaryExpression,
]);
/** Where formats are made. */
const FORMATS = /^(format\.ts|words\/|viewer\/panels\/metadata\/values\.ts)/;

/** Texts in a source that stand outside the words: between tags, in attributes that are read, and whole sentences anywhere. */
export function textsIn(name: string, source: string): string[] {
  const found: string[] = [];
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, name.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const look = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== null && isRead(node, text)) found.push(text.trim());
    if (!FORMATS.test(name) && isFormat(node)) found.push(node.getText());
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

function textOf(node: ts.Node): string | null {
  if (ts.isJsxText(node) || ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node) ? node.text : null;
}

function isRead(node: ts.Node, text: string): boolean {
  if (ts.isJsxText(node)) return SPOKEN.test(text);
  if (ts.isImportDeclaration(node.parent) || ts.isLiteralTypeNode(node.parent)) return false;
  if (SENTENCE.test(text)) return true;
  const holder = holderOf(node);
  if (!SPOKEN.test(text) || !holder) return false;
  return !ts.isJsxAttribute(holder) || READ.test(holder.name.getText());
}

/** The attribute or the element in which a text stands as it is: not an argument, not a key, not compared. */
function holderOf(node: ts.Node): ts.Node | null {
  const { parent } = node;
  if (ts.isJsxAttribute(parent) || ts.isJsxElement(parent) || ts.isJsxFragment(parent)) return parent;
  if (ts.isConditionalExpression(parent) && parent.condition === node) return null;
  if (ts.isBinaryExpression(parent) && !/^(\|\||&&|\?\?|\+)$/.test(parent.operatorToken.getText())) return null;
  return PASSES_ON.has(parent.kind) ? holderOf(parent) : null;
}

function isFormat(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && (FIXED.test(node.name.text) || node.expression.getText() === "Intl");
}

test("the check finds what is written into a page, and lets pass what nobody reads", () => {
  expect(textsIn("a.tsx", '<p className="big">Hello {name}</p>')).toEqual(["Hello"]);
  expect(textsIn("a.tsx", '<b aria-label={on ? "on" : words.off} title={`${n} images`} role="img">{n > 1 && "images"}</b>')).toEqual(["on", "images", "images"]);
  expect(textsIn("a.ts", 'throw new Error("Nothing was found");')).toEqual(["Nothing was found"]);
  expect(textsIn("a.ts", 'count.toLocaleString("en"); new Intl.ListFormat("en")')).toEqual(["count.toLocaleString", "Intl.ListFormat"]);
  expect(textsIn("a.tsx", '<p data-x="wide" key={`veil ${name}`}>{words.page} · {bytes} {f("name")}</p>')).toEqual([]);
});

test("every text that people read stands in the words", () => {
  const names = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tsx?$/.test(name) && !/\.test\.|vitest|testing|^words\/(en|de)|api\/schema/.test(name),
  );
  expect(names.length).toBeGreaterThan(100);
  const found = names.flatMap((name) => textsIn(name, readFileSync(SOURCE + name, "utf8")).map((text) => `${name}: ${text}`));
  expect(found).toEqual([]);
}, 300_000);
