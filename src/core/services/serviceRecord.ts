import * as z from 'zod';

export const serviceHealthSchema = z.enum(['healthy', 'degraded', 'down', 'unknown']);
export const serviceRecordSchema = z.object({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/),
  port: z.coerce.number().int().min(1).max(65535),
  url: z.string().default(''),
  health: serviceHealthSchema.default('unknown'),
  owner: z.string().default(''),
  /**
   * Kind of health check: an HTTP path such as `/health`, `tcp`, or `command`, which is stored only on the leader's
   * disk.
   */
  check: z
    .string()
    .regex(/^(?:tcp|command|\/\S*)$/, 'give an HTTP path such as /health, or tcp')
    .default('tcp'),
  checkedAt: z.coerce.number().default(0),
});
export type ServiceRecord = z.infer<typeof serviceRecordSchema>;
