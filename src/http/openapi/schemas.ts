/**
 * @module The schemas of the interface as JSON Schema, by the names that `api/contract.ts` exports them under:
 * `sessionAnswer` becomes `SessionAnswer`. What requests hold is described as clients send it, before defaults and
 * conversions; what answers hold as it arrives, with nothing beside what is named.
 */
import { z } from 'zod'
import * as contract from '../../api/contract.js'
import type { Kind } from '../../service/resources/kind.js'

export type JsonSchema = Readonly<Record<string, unknown>>

const refTo = (name: string): string => `#/components/schemas/${name}`
const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** Schemas of the contract with their names: answers and what they consist of, or requests. */
function listNamed(requests: boolean): [string, z.ZodType][] {
  return Object.entries(contract).flatMap(([name, value]): [string, z.ZodType][] => {
    if (!(value instanceof z.ZodType) || name.endsWith('Query')) return []
    return name.endsWith('Request') === requests ? [[capitalised(name), value]] : []
  })
}

/** Every schema of the contract, and the documents of every kind, for `components/schemas`. */
export function describeSchemas(kinds: readonly Kind[]): Record<string, JsonSchema> {
  return {
    ...toComponents(listNamed(false), 'output'),
    ...toComponents(listNamed(true), 'input'),
    ...Object.fromEntries(kinds.map((kind) => [documentName(kind), describeDocument(kind)])),
  }
}

function toComponents(
  named: readonly [string, z.ZodType][],
  io: 'input' | 'output',
): Record<string, JsonSchema> {
  const registry = z.registry<{ id?: string }>()
  for (const [id, schema] of named) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { io, unrepresentable: 'any', uri: refTo })
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, bare(schema)]))
}

/** A schema of the contract by its name, any other written out. */
export function refOrSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const named = listNamed(io === 'input').find(([, known]) => known === schema)
  if (named !== undefined) return { $ref: refTo(named[0]) }
  return bare(z.toJSONSchema(schema, { io, unrepresentable: 'any' }))
}

/** `RoleDocument` for the kind `role`. */
function documentName({ name }: Kind): string {
  return `${name.split('_').map(capitalised).join('')}Document`
}

export function documentRef(kind: Kind): JsonSchema {
  return { $ref: refTo(documentName(kind)) }
}

function describeDocument(kind: Kind): JsonSchema {
  const schema = bare(z.toJSONSchema(kind.schema, { io: 'input', unrepresentable: 'any' }))
  return { title: kind.name, description: kind.description, ...schema }
}

/** Without what says where a schema stands alone: OpenAPI 3.1 has its dialect and its places. */
function bare(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'))
}
