/**
 * @module The catalog within a transaction that changes it: each document of a file sees what those before it did.
 * It is never kept, for the transaction may be rolled back.
 */
import type { ResourceKind } from '../../store/store.js'
import { CatalogView, type Parsed, type ParsedByName } from './catalog-view.js'

export class WorkingView extends CatalogView {
  readonly #kinds: Map<ResourceKind, ParsedByName>
  readonly #own = new Map<ResourceKind, Map<string, Parsed>>()

  constructor(before: CatalogView) {
    const kinds = new Map(before.contents.kinds)
    super({ ...before.contents, kinds, lineage: undefined })
    this.#kinds = kinds
  }

  /** Stands for the resource from now on; undefined: it is gone. */
  put(kind: ResourceKind, name: string, parsed: Parsed | undefined): void {
    let own = this.#own.get(kind)
    if (own === undefined) {
      own = new Map(this.parsed(kind))
      this.#own.set(kind, own)
      this.#kinds.set(kind, own)
    }
    if (parsed === undefined) own.delete(name)
    else own.set(name, parsed)
    this.changed(kind, name)
  }
}
