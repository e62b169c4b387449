/**
 * @module The form of a backup, inside its encryption and compression: lines of JSON. The first one is the header; then
 * each table has a line with its name and one for each row, an array of cells in the order of the columns; the last one
 * tells how many rows each table had and their digests. The same for both engines, so that a backup of one restores into
 * the other.
 */
import { z } from 'zod'

export const backupFormat = 'gatehouse-backup'
export const backupVersion = 1

export const headerForm = z.object({
  format: z.literal(backupFormat),
  version: z.number(),
  /** Version of the program that made it. */
  gatehouse: z.string(),
  cluster: z.string(),
  madeAt: z.number(),
  engine: z.enum(['sqlite', 'postgres']),
  migrations: z.array(z.object({ number: z.number(), name: z.string() })),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), last: z.number() })),
  /** Only where a person asked for it. */
  masterKey: z.string().optional(),
})
export type BackupHeader = z.infer<typeof headerForm>

export const tableLineForm = z.strictObject({ table: z.string() })

export const endForm = z.strictObject({
  end: z.record(z.string(), z.object({ rows: z.number(), digest: z.string() })),
  /** Made with the master key; see `origin.ts`. Backups of the first versions have none. */
  origin: z.string().optional(),
})
export type BackupEnd = z.infer<typeof endForm>['end']
