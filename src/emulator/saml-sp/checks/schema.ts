/**
 * @module Whether Response and Assertion hold what SAML's schema lets them hold, in its order (SAML Core 2.3.3, 3.2.2
 * and 3.3.3). An element that nobody knows is not passed over: it may be a signature that was made unreadable so
 * that it need not hold. What must be there, and what is inside, is asked by the other checks.
 */
import type { Element } from '@xmldom/xmldom'
import { childElements, hasText, is, ns } from '../xml.js'
import type { CheckList } from './check-list.js'

interface Place {
  readonly namespace: string
  readonly names: readonly string[]
  readonly repeats?: boolean
}

const issuer: Place = { namespace: ns.assertion, names: ['Issuer'] }
const signature: Place = { namespace: ns.signature, names: ['Signature'] }

const inResponse: readonly Place[] = [
  issuer,
  signature,
  { namespace: ns.protocol, names: ['Extensions'] },
  { namespace: ns.protocol, names: ['Status'] },
  { namespace: ns.assertion, names: ['Assertion'] },
]

const inAssertion: readonly Place[] = [
  issuer,
  signature,
  { namespace: ns.assertion, names: ['Subject'] },
  { namespace: ns.assertion, names: ['Conditions'] },
  { namespace: ns.assertion, names: ['Advice'] },
  {
    namespace: ns.assertion,
    names: ['Statement', 'AuthnStatement', 'AuthzDecisionStatement', 'AttributeStatement'],
    repeats: true,
  },
]

/** To be asked of the message as it arrived, before any signature is looked for. */
export function checkSchema(response: Element, assertion: Element, checks: CheckList): void {
  checks.expect(
    'schema',
    'unexpected',
    problemOfContent(response, inResponse) ?? problemOfContent(assertion, inAssertion),
  )
}

function problemOfContent(element: Element, places: readonly Place[]): string | undefined {
  if (hasText(element)) return `the ${element.localName ?? ''} holds text between its elements`
  let next = 0
  for (const child of childElements(element)) {
    const found = places.findIndex(
      ({ namespace, names }, index) => index >= next && names.some((name) => is(child, namespace, name)),
    )
    if (found < 0) {
      const namespace = child.namespaceURI ?? '(none)'
      return `the ${element.localName ?? ''} holds ${child.nodeName} of the namespace ${namespace} where SAML has no such element`
    }
    next = places[found]?.repeats === true ? found : found + 1
  }
  return undefined
}
