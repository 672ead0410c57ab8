/** Languages of the interface by what they call themselves, each a file of its own that only its readers load. */
export const LANGUAGES = {
  en: { name: "English", read: () => import("./en") },
  de: { name: "Deutsch", read: () => import("./de") },
};

export type Language = keyof typeof LANGUAGES;

const KEPT = "tamperlens-language";

/** The language that was chosen, else the first of the person's own that there is, else English. */
export function languageFor(chosen: string | null, own: readonly string[]): Language {
  const wanted = [chosen ?? "", ...own].map((tag) => tag.split("-")[0] ?? "");
  return (wanted.find((tag) => Object.hasOwn(LANGUAGES, tag)) as Language | undefined) ?? "en";
}

function chosen(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    // Storage may be forbidden; then the browser's languages decide.
    return null;
  }
}

/** Of this page; a change takes effect when it is loaded again. */
export const language = languageFor(chosen(), navigator.languages);

/** Its texts. */
export async function read() {
  return (await LANGUAGES[language].read()).default;
}

/** Keep the choice in this browser, and begin again in that language. */
export function choose(next: Language): void {
  localStorage.setItem(KEPT, next);
  location.reload();
}
