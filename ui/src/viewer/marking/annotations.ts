import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Annotation, AnnotationIn } from "@/api/types";

/** What all examiners drew on an image. */
export function useAnnotations(id: string): readonly Annotation[] {
  const found = useQuery({
    queryKey: ["evidence", id, "annotations"],
    queryFn: async () =>
      (await api.GET("/api/v1/evidence/{evidence_id}/annotations", { params: { path: { evidence_id: id } } })).data,
  });
  return found.data?.items ?? [];
}

function useAnnotationWrite<Given, Made>(id: string, write: (given: Given) => Promise<Made>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: write,
    // After a refusal too: what was changed meanwhile is to be seen.
    onSettled: () => queries.invalidateQueries({ queryKey: ["evidence", id, "annotations"] }),
  });
}

export const useAnnotate = (id: string) =>
  useAnnotationWrite(
    id,
    async (body: AnnotationIn) =>
      (await api.POST("/api/v1/evidence/{evidence_id}/annotations", { params: { path: { evidence_id: id } }, body })).data,
  );

const of = (id: string, one: Annotation) => ({
  path: { evidence_id: id, annotation_id: one.id },
  header: { "If-Match": `"${one.version}"` },
});

export const useChangeAnnotation = (id: string, one: Annotation) =>
  useAnnotationWrite(id, (body: AnnotationIn) =>
    api.PUT("/api/v1/evidence/{evidence_id}/annotations/{annotation_id}", { params: of(id, one), body }),
  );

export const useRemoveAnnotation = (id: string) =>
  useAnnotationWrite(id, (one: Annotation) =>
    api.DELETE("/api/v1/evidence/{evidence_id}/annotations/{annotation_id}", { params: of(id, one) }),
  );
