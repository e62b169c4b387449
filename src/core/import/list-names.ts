/**
 * @module Names of the access lists that groups become: the display name in small letters and dashes. A group that
 * has a list keeps its name for ever; names never depend on the order in which AWS tells of groups.
 */
import { compareText } from '../inventory/inventory-index.js'

/** Room for the ending that tells groups of the same name apart. */
const maxBase = 60

/** `Platform Team (EU)` → `platform-team-eu`; `group` where nothing readable is left. */
export function slugOf(displayName: string): string {
  const plain = displayName
    .slice(0, 1024)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, maxBase)
    .replace(/^-|-$/g, '')
  return plain === '' ? 'group' : plain
}

/**
 * The name of the list of each group, by group id. `known` are groups that have a list; `taken` are names of other
 * lists. Of several groups with one name, and where another list has it, each gets the end of its id.
 */
export function nameLists(
  groups: readonly { readonly id: string; readonly displayName: string }[],
  known: ReadonlyMap<string, string>,
  taken: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const used = new Set([...taken, ...known.values()])
  const sorted = [...groups].sort((a, b) => compareText(a.id, b.id))
  const wanted = new Map<string, number>()
  for (const { id, displayName } of sorted) {
    const name = known.get(id)
    if (name !== undefined) names.set(id, name)
    else wanted.set(slugOf(displayName), (wanted.get(slugOf(displayName)) ?? 0) + 1)
  }
  for (const { id, displayName } of sorted) {
    if (names.has(id)) continue
    const slug = slugOf(displayName)
    const ids = id.toLowerCase().replace(/[^a-z0-9]+/g, '')
    const alone = wanted.get(slug) === 1
    const candidates = [...(alone ? [slug] : []), `${slug}-${ids.slice(-6)}`, `${slug}-${ids}`]
    const name = candidates.find((one) => !used.has(one)) ?? `${slug}-${ids}-${names.size}`
    used.add(name)
    names.set(id, name)
  }
  return names
}
