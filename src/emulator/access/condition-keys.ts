/**
 * @module The keys that conditions of policies look at: what is known of a request, by name. Names differ not in case.
 */

/** Values by key in lower case. A key that is not there is absent, which is not the same as empty text. */
export type ConditionKeys = ReadonlyMap<string, readonly string[]>

/** Keys from plain values; what is undefined is left out. */
export function conditionKeys(
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
): ConditionKeys {
  const keys = new Map<string, readonly string[]>()
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) keys.set(name.toLowerCase(), typeof value === 'string' ? [value] : value)
  }
  return keys
}
