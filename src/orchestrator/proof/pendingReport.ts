import * as z from 'zod';

const reportSchema = z.object({ id: z.string(), text: z.string() });
/** A report of an agent while its check runs: the id of its request, and its own words. */
export type Report = Readonly<z.infer<typeof reportSchema>>;

/** Reads the report in an agent's record; null when there is none. */
export function parseReport(text: string | undefined): Report | null {
  try {
    return reportSchema.safeParse(JSON.parse(text || 'null')).data ?? null;
  } catch {
    return null;
  }
}
