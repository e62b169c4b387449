/** Policy documents for tests, from the parts of one statement. */

export function policy(...statements: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

export function allow(
  action: string | readonly string[],
  more: Readonly<Record<string, unknown>> = {},
): string {
  return policy({ Effect: 'Allow', Action: action, Resource: '*', ...more })
}
