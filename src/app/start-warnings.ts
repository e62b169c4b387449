/** @module What a start says that is not wrong enough to refuse, and probably not what was meant. */
import type { Catalog } from '../service/resources/catalog.js'
import type { ParsedResource } from '../service/resources/parse-documents.js'

export interface StartWarning {
  readonly kind: string
  readonly name: string
  readonly message: string
}

export function warnOfDifference(
  { kind: { name: kind }, name }: ParsedResource,
  fileName: string,
): StartWarning {
  const message = `${kind} "${name}" in ${fileName} differs from what is stored; left alone`
  return { kind, name, message }
}

export async function warnOfMissingRoles(catalog: Catalog): Promise<StartWarning[]> {
  const warnings: StartWarning[] = []
  for (const { value: user } of await catalog.listUsers()) {
    const { missing } = await catalog.rolesOf(user)
    if (missing.length === 0) continue
    const message = `user "${user.name}" names roles that do not exist: ${missing.join(', ')}; they give nothing`
    warnings.push({ kind: 'user', name: user.name, message })
  }
  return warnings
}
