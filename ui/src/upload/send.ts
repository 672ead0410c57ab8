import { refused, Refusal, writeHeaders } from "@/api/client";
import type { Evidence } from "@/api/types";
import { reenter } from "@/session/reentry";
import { words } from "@/words";

/** The server takes no more just now; when it will. */
export class Later extends Error {
  constructor(readonly seconds: number) {
    super(words.tooMany);
  }
}

/** Send one file; XMLHttpRequest, for fetch does not tell how much has gone out. */
export function send(
  file: File,
  caseId: string,
  onProgress: (share: number) => void,
  stop: AbortSignal,
): Promise<Evidence> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/cases/${caseId}/evidence`);
    request.responseType = "json";
    for (const [name, value] of Object.entries(writeHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Refusal(words.upload.failed, 0));
    request.onload = () => {
      if (request.status < 300) resolve(request.response as Evidence);
      else if (request.status === 401)
        void reenter().then((isBack) =>
          isBack ? resolve(send(file, caseId, onProgress, stop)) : reject(new Refusal(words.upload.failed, 401)),
        );
      else if (request.status === 429) reject(new Later(Number(request.getResponseHeader("Retry-After")) || 5));
      else reject(refused(request.status, request.response));
    };
    stop.addEventListener("abort", () => {
      request.abort();
      reject(new Refusal(words.upload.stopped, 0));
    });
    const body = new FormData();
    body.append("file", file, file.name);
    request.send(body);
  });
}
