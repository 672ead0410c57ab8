import type { en } from "./en";
import { read } from "./language";

export { language } from "./language";

/** What every language says; a text that is missing in one, or takes something else, is a type error there. */
export type Words = typeof en;

/** Every text of the interface, in the language of this page. */
export const words: Words = await read();

export type Outcome = keyof Words["outcomes"];
export type State = keyof Words["states"];
export type Role = keyof Words["roles"];
