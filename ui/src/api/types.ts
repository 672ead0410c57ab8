/** Names for what travels, taken from the OpenAPI document. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Me = Schemas["Me"];
export type User = Schemas["User"];
export type Invitation = Schemas["Invitation"];
export type Token = Schemas["Token"];
export type TokenIn = Schemas["TokenIn"];
export type Case = Schemas["Case"];
export type Hold = Schemas["Hold"];
export type ClosedCase = Schemas["ClosedCase"];
export type Group = Schemas["Group"];
export type Evidence = Schemas["Evidence"];
export type NearDuplicate = Schemas["NearDuplicate"];
export type CaseChange = Schemas["CaseChange"];
export type UserChange = Schemas["UserChange"];
export type OriginalIn = Schemas["OriginalIn"];
/** What one server-sent event tells. */
export type Progress = Pick<Evidence, "id" | "state" | "step" | "progress" | "outcome" | "score" | "error">;
export type Share = Schemas["Share"];
export type LedgerRecord = Schemas["Record"];
export type StandingConclusion = Schemas["StandingConclusion"];
export type ConclusionBrief = Schemas["ConclusionBrief"];
export type BulkIn = Schemas["BulkIn"];
export type BulkDone = Schemas["BulkDone"];
export type MoveIn = Schemas["MoveIn"];
export type Review = Schemas["Review"];
export type ConclusionIn = Schemas["ConclusionIn"];
export type ReviewIn = Schemas["ReviewIn"];
export type Annotation = Schemas["Annotation"];
export type AnnotationIn = Schemas["AnnotationIn"];
export type Note = Schemas["Note"];
export type Original = Schemas["Original"];
export type Finding = Schemas["FindingDocument"];
export type FindingView = Schemas["FindingView"];
export type ReportView = Schemas["ReportView"];
export type MapPicture = Schemas["MapPicture"];
