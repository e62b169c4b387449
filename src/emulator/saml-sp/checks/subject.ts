/**
 * @module Whom an assertion names and what it says about them: NameID against the users of the identity store,
 * and AWS's rules for attributes used in access control.
 */
import type { Element } from '@xmldom/xmldom'
import { emailAddressFormat } from '../../state/identity-provider.js'
import type { User } from '../../state/user.js'
import { attribute, child, childElements, children, ns, textOf } from '../xml.js'
import type { CheckList } from './check-list.js'

export const accessControlPrefix = 'https://aws.amazon.com/SAML/Attributes/AccessControl:'
const maxAccessControlAttributes = 50
const nameFormats = ['unspecified', 'uri', 'basic'].map(
  (f) => `urn:oasis:names:tc:SAML:2.0:attrname-format:${f}`,
)

/** The value of the NameID, where it can be read. */
export function nameIdOf(assertion: Element): string | undefined {
  return textOf(nameIdElement(assertion))
}

function nameIdElement(assertion: Element): Element | undefined {
  const found = children(child(assertion, ns.assertion, 'Subject') ?? assertion, ns.assertion, 'NameID')
  return found.length === 1 ? found[0] : undefined
}

/** The user whom the NameID names exactly; the format must be emailAddress, the form an addr-spec. */
export function checkNameId(
  assertion: Element,
  findUser: (userName: string) => User | undefined,
  checks: CheckList,
): User {
  const format = attribute(nameIdElement(assertion), 'Format')
  checks.expect(
    'name-id-format',
    'code-not-right',
    format === emailAddressFormat
      ? undefined
      : `the NameID has the format ${format ?? '(none)'}; ${emailAddressFormat} is required`,
  )
  const nameId = nameIdOf(assertion)
  if (nameId === undefined) checks.refuse('name-id', 'code-not-right', 'the assertion has no readable NameID')
  if (!/^[^\s@]+@[^\s@]+$/.test(nameId)) {
    checks.refuse('name-id', 'code-not-right', `the NameID "${nameId}" is not a mail address`)
  }
  const user = findUser(nameId)
  if (user === undefined) checks.refuse('name-id', 'code-not-right', `no user has the userName "${nameId}"`)
  if (!user.active) checks.refuse('name-id', 'code-not-right', `the user "${nameId}" is not active`)
  checks.pass('name-id')
  return user
}

/** All attributes by name; values that are not plain text read as empty. */
export function readAttributes(assertion: Element): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, string[]>()
  for (const element of attributeElements(assertion)) {
    const name = attribute(element, 'Name') ?? ''
    const read = children(element, ns.assertion, 'AttributeValue').map((value) => textOf(value) ?? '')
    const known = values.get(name) ?? []
    known.push(...read)
    values.set(name, known)
  }
  return Object.fromEntries(values)
}

/** AWS's rules where attributes for access control are on, as they always are here. */
export function checkAttributes(assertion: Element, checks: CheckList): void {
  const controlling = attributeElements(assertion).filter((element) =>
    attribute(element, 'Name')?.startsWith(accessControlPrefix),
  )
  checks.expect('attributes', 'unexpected', problemOfAttributes(controlling))
}

function problemOfAttributes(controlling: readonly Element[]): string | undefined {
  if (controlling.length > maxAccessControlAttributes) {
    return `the assertion has ${controlling.length} AccessControl attributes; at most ${maxAccessControlAttributes} are allowed`
  }
  const seen = new Set<string>()
  for (const element of controlling) {
    const name = attribute(element, 'Name') ?? ''
    if (name === accessControlPrefix) return `the attribute ${name} names no tag key`
    if (seen.has(name)) return `the attribute ${name} is there twice`
    seen.add(name)
    const format = attribute(element, 'NameFormat')
    if (format !== undefined && !nameFormats.includes(format)) {
      return `the attribute ${name} has the NameFormat ${format}, which SAML does not define`
    }
    const values = children(element, ns.assertion, 'AttributeValue')
    if (values.length !== 1)
      return `the attribute ${name} has ${values.length} values; exactly one is allowed`
    if (values.some((value) => childElements(value).length > 0))
      return `the attribute ${name} has structured XML`
  }
  return undefined
}

function attributeElements(assertion: Element): Element[] {
  return children(assertion, ns.assertion, 'AttributeStatement').flatMap((statement) =>
    children(statement, ns.assertion, 'Attribute'),
  )
}
