/**
 * @module Names of attributes are written `UserName` in the members of requests and answers, and `userName` in
 * attribute paths, documents and rows.
 */
import type { AnyShape, Member, Members } from '../aws/shape.js'

/** Members of the top level under capitalised names; what is in them is known as any shape. */
type Capitalised<Of extends Members> = {
  readonly [Name in keyof Of as Capitalize<Name & string>]: Member<AnyShape, false>
}

/** The shape of a request's members from that of a document; all are optional at the top, as AWS's models have it. */
export function capitaliseMembers<Of extends Members>(members: Of): Capitalised<Of> {
  const named = Object.entries(members).map(
    ([name, { shape }]) => [capital(name), { shape: capitaliseShape(shape), required: false }] as const,
  )
  // `Object.fromEntries` forgets the names, which are those of the type.
  return Object.fromEntries(named) as Capitalised<Of>
}

function capitaliseShape(shape: AnyShape): AnyShape {
  if (shape.kind === 'list') return { ...shape, of: capitaliseShape(shape.of) }
  if (shape.kind !== 'structure') return shape
  const members = Object.entries(shape.members).map(
    ([name, member]) => [capital(name), { ...member, shape: capitaliseShape(member.shape) }] as const,
  )
  return { ...shape, members: Object.fromEntries(members) }
}

/** The same members under capitalised names, at every depth. */
export function capitalise(members: object): Record<string, unknown> {
  return rename(members, capital)
}

/** The same members under names that begin in lower case, at every depth. */
export function uncapitalise(members: object): Record<string, unknown> {
  return rename(members, lower)
}

function rename(members: object, to: (name: string) => string): Record<string, unknown> {
  const inside = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inside)
    return typeof value === 'object' && value !== null ? rename(value, to) : value
  }
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [to(name), inside(value)]))
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** Attribute paths come with their first letter in either case; only documents are strict about it. */
export function lower(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
