import createClient, { type Middleware } from "openapi-fetch";
import { reenter } from "@/session/reentry";
import { words } from "@/words";
import type { paths } from "./schema";
import type { Me } from "./types";

/** What the server refused, in its own sentence. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** Of the request, in which something is wrong or missing. */
    readonly fields: readonly string[] = [],
    /** Of the sentence, where it is not the page's: the server speaks English. */
    readonly lang?: "en",
  ) {
    super(message);
  }
}

let known: Me | null = null;

/** Keep who is signed in, and with them the token that every write must carry; null when nobody is. */
export function remember(me: Me | null): void {
  known = me;
}

/** Headers of a write that openapi-fetch does not send. */
export function writeHeaders(): Record<string, string> {
  return known?.csrf_token ? { "X-CSRF-Token": known.csrf_token } : {};
}

// Milliseconds until a read without an answer is given up.
const PATIENCE = 30_000;
// Signing in and out is never begun again by itself.
const SESSION = "/api/v1/session";
// Of each request on its way, for a body can be sent once only.
const copies = new Map<string, Request>();

const guard: Middleware = {
  onRequest({ request, id, schemaPath }) {
    if (request.method !== "GET") stamp(request);
    if (schemaPath !== SESSION) copies.set(id, request.clone());
  },
  async onResponse({ response, id }) {
    const copy = copies.get(id);
    copies.delete(id);
    const answer = copy && (await mayGoOn(response)) ? await again(copy) : response;
    if (!answer.ok) throw await refusal(answer);
    return answer;
  },
  onError({ id }) {
    copies.delete(id);
    return new Refusal(words.offline, 0);
  },
};

async function refusal(answer: Response): Promise<Refusal> {
  return refused(answer.status, await read(answer));
}

/** What a status and the body with it mean to a person. */
export function refused(status: number, body: unknown): Refusal {
  const { errors } = (body ?? {}) as { errors?: { json?: Record<string, unknown> } };
  const said = status === 429 ? words.tooMany : sentenceIn(body);
  const lang = said && status !== 429 ? "en" : undefined;
  return new Refusal(said ?? `${words.failedTitle} (${status}).`, status, Object.keys(errors?.json ?? {}), lang);
}

function stamp(request: Request): void {
  for (const [name, value] of Object.entries(writeHeaders())) request.headers.set(name, value);
}

/** Send a request once more; a read needs no token, and takes none amiss. */
async function again(copy: Request): Promise<Response> {
  stamp(copy);
  return fetch(copy).catch(() => {
    throw new Refusal(words.offline, 0);
  });
}

/** Whether a refused request may be sent again: the person has given their password, or another window had signed in anew. */
async function mayGoOn(response: Response): Promise<boolean> {
  if (!known) return false;
  if (response.status === 401) return reenter();
  return response.status === 403 && (await isStale(response)) && renew(known.id);
}

async function isStale(response: Response): Promise<boolean> {
  const body = (await read(response.clone())) as { detail?: string } | null;
  return body?.detail?.includes("X-CSRF-Token") ?? false;
}

/** Take up the session of another window, if it is the same person's; with somebody else's the page begins anew. */
async function renew(userId: string): Promise<boolean> {
  const answer = await fetch(SESSION);
  const me = (await read(answer)) as Me | null;
  if (!answer.ok || !me) return false;
  if (me.id !== userId) location.reload();
  else remember(me);
  return me.id === userId;
}

/** Wait for an answer, but not without end; a write may take as long as it does. */
function patiently(request: Request): Promise<Response> {
  if (request.method !== "GET") return fetch(request);
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE)]) });
}

/** The server's routes, typed by its OpenAPI document; whatever is not a success is thrown. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: patiently });
api.use(guard);

async function read(response: Response): Promise<unknown> {
  return response.json().catch(() => null);
}

/** One sentence from an error's body; null where it holds none. */
function sentenceIn(body: unknown): string | null {
  const { detail, errors } = (body ?? {}) as { detail?: string; errors?: unknown };
  const parts = leaves(errors).filter((part) => !detail || !part.endsWith(`: ${detail}`));
  if (parts.length > 0) return sentence(parts.join("; "));
  return detail ? sentence(detail) : null;
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
