/**
 * @module Filters of groups and accounts: which of them we look after. Exclusions come first and always win; without
 * inclusions everything else is in, otherwise what one of them matches. Ids match exactly, names as patterns do.
 */
import { parseMatcher } from '../matcher.js'
import type { ResourceFilter } from './settings.js'

/** A thing of AWS; one whose name was not read has the name `''`. */
export interface Filterable {
  readonly id: string
  readonly name: string
}

type Predicate = (thing: Filterable) => boolean

const compiled = new WeakMap<readonly ResourceFilter[], Predicate>()

/**
 * Whether the filters let a thing in. The patterns are compiled once for each array of filters.
 * @throws GatewayError `INVALID_MATCHER` for a pattern that no parser let through.
 */
export function matchesFilters(filters: readonly ResourceFilter[], thing: Filterable): boolean {
  let matches = compiled.get(filters)
  if (matches === undefined) {
    matches = compileFilters(filters)
    compiled.set(filters, matches)
  }
  return matches(thing)
}

function compileFilters(filters: readonly ResourceFilter[]): Predicate {
  const predicates = filters.map(compileFilter)
  const includes = predicates.filter(({ excludes }) => !excludes)
  const exclusions = predicates.filter(({ excludes }) => excludes)
  return (thing) =>
    !exclusions.some(({ matches }) => matches(thing)) &&
    (includes.length === 0 || includes.some(({ matches }) => matches(thing)))
}

function compileFilter(filter: ResourceFilter): { readonly excludes: boolean; readonly matches: Predicate } {
  switch (filter.by) {
    case 'id':
    case 'excludeId':
      return { excludes: filter.by === 'excludeId', matches: ({ id }) => id === filter.id }
    case 'name':
    case 'excludeName': {
      const { matches } = parseMatcher(filter.pattern, filter.by === 'name' ? 'name' : 'exclude_name')
      return { excludes: filter.by === 'excludeName', matches: ({ name }) => matches(name) }
    }
  }
}
