/** @module The words for kinds of resources in titles and sentences. */
import type { KindAnswer } from '../../api/contract.js'

/** "service providers"; a kind with one resource is called by its title. */
export function pluralOf({ title, singleton }: Pick<KindAnswer, 'title' | 'singleton'>): string {
  return singleton === undefined ? `${title}s` : title
}

const doing: Readonly<Record<string, string>> = {
  list: 'listing',
  read: 'reading',
  create: 'making',
  update: 'changing',
  delete: 'deleting',
  rotate: 'changing',
}
const things: Readonly<Record<string, string>> = {
  user: 'users',
  role: 'roles',
  lock: 'locks',
  token: 'tokens',
  session: 'sessions',
  event: 'the audit log',
  saml_idp_service_provider: 'service providers',
  cert_authority: 'signing keys',
  plugin: 'Identity Center plugins',
  integration: 'integrations',
  access_list: 'access lists',
  access_review_rule: 'review rules',
  on_call: 'on-call lists',
  webhook: 'webhooks',
}

/** "listing users"; undefined for a right that has no words here. */
export function describeRight(verb: string, resource: string): string | undefined {
  const [how, what] = [doing[verb], things[resource]]
  if (how === undefined || what === undefined) return undefined
  return resource === 'event' ? `reading ${what}` : `${how} ${what}`
}
