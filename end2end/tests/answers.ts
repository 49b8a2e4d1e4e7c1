import { test } from "@playwright/test";
import type { Language } from "./portal";

/** Requests of the demo that were answered by letter; each is asked for with the ZIP code 22150. */
export const ANSWERED = { en: "SR26-ZPLW-SM5X-M", es: "SR26-2FAV-NCBW-6" };
/** One that was answered in part. */
export const ANSWERED_IN_PART = "SR26-37YT-J3HV-N";

/** One for each project: an answer can be found wanting once. */
const NOT_YET_COMPLAINED = {
  en: { "no-script": "SR26-4XLR-ERNT-P", hydrated: "SR26-5NAQ-AGVS-8", mobile: "SR26-6EYP-673S-N" },
  es: { "no-script": "SR26-76MM-2W8R-G", hydrated: "SR26-8WAL-WKEQ-C", mobile: "SR26-9MYK-RALP-V" },
};

export function notYetComplained({ tag }: Language) {
  const of = NOT_YET_COMPLAINED[tag];
  return of[test.info().project.name as keyof typeof of];
}
