/** @module What the use cases on resources are given. */
import type { ServiceContext } from '../context.js'
import type { Catalog } from './catalog.js'
import type { Kinds } from './kind.js'

export interface ResourceDeps extends ServiceContext {
  readonly catalog: Catalog
  readonly kinds: Kinds
}
