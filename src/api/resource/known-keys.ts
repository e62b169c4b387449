/** @module The fields that a schema knows at a place of a document, to suggest the one that was meant. */
import { z } from 'zod'

/** The names that may stand in the map at `path`; none where the schema has no map with fixed names there. */
export function listKnownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  const at = path.reduce<z.core.$ZodType | undefined>((outer, key) => {
    const inner = unwrap(outer)
    if (inner instanceof z.ZodArray) return inner.element
    if (!(inner instanceof z.ZodObject)) return undefined
    const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape
    return Object.hasOwn(shape, String(key)) ? shape[String(key)] : undefined
  }, schema)
  const inner = unwrap(at)
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
}

/** What is inside of "optional", "nullable" and "then transform". */
function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodPipe) return unwrap(schema.in)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return unwrap(schema.unwrap())
  return schema
}
