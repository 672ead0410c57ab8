import createClient, { type Middleware } from "openapi-fetch";
import { words } from "@/words";
import type { paths } from "./schema";

/** What the server refused, in its own sentence. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

let csrfToken: string | null = null;

/** Keep the token that every write must carry; null when nobody is signed in. */
export function rememberToken(token: string | null): void {
  csrfToken = token;
}

/** Headers of a write that openapi-fetch does not send. */
export function writeHeaders(): Record<string, string> {
  return csrfToken ? { "X-CSRF-Token": csrfToken } : {};
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method === "GET") return;
    for (const [name, value] of Object.entries(writeHeaders())) request.headers.set(name, value);
  },
  async onResponse({ response }) {
    if (!response.ok) throw new Refusal(explain(response.status, await read(response)), response.status);
  },
  onError() {
    return new Refusal(words.offline, 0);
  },
};

/** The server's routes, typed by its OpenAPI document; whatever is not a success is thrown. */
export const api = createClient<paths>({ baseUrl: location.origin });
api.use(guard);

async function read(response: Response): Promise<unknown> {
  return response.json().catch(() => null);
}

/** One sentence from an error's body. */
export function explain(status: number, body: unknown): string {
  if (status === 429) return words.tooMany;
  const { message, detail } = (body ?? {}) as { message?: string; detail?: unknown };
  const parts = leaves(detail);
  if (parts.length > 0) return sentence(parts.join("; "));
  return message ? sentence(message) : `${words.failedTitle} (${status}).`;
}

/** The texts in a nested error report, each with the name of its field. */
function leaves(detail: unknown, field = ""): string[] {
  if (typeof detail === "string") return [field ? `${field}: ${detail}` : detail];
  if (Array.isArray(detail)) return detail.flatMap((part) => leaves(part, field));
  if (detail && typeof detail === "object")
    return Object.entries(detail).flatMap(([name, part]) => leaves(part, /^\d+$|^json$|^query$/.test(name) ? field : name));
  return [];
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
