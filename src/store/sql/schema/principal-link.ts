/** @module Table `principal_link`: which user or group of Identity Center a name of ours is. */
import type { Link, PrincipalKind } from '../../../core/identity-center/observation.js'

export interface PrincipalLinkTable {
  plugin: string
  kind: PrincipalKind
  name: string
  aws_id: string
  origin: Link['origin']
  linked_at: number
  unwanted_since: number | null
}
