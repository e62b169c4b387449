/** @module Two signing keys at once: both are published, the current one signs until the next is promoted. */
import { X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { createPerson, signIn, signInAdmin, testResources } from '../support/people.js'
import { readPostedForm, spResource } from '../support/sp.js'
import { openTestGateway } from '../support/test-gateway.js'

const fingerprint = (base64: string): string =>
  new X509Certificate(Buffer.from(base64, 'base64')).fingerprint256

function certificatesOf(xml: string): string[] {
  return [...xml.matchAll(/<ds:X509Certificate>([^<]+)</g)].map(([, base64]) => fingerprint(base64 ?? ''))
}

test('metadata lists the current and the next certificate; promotion changes which one signs', async () => {
  await using gateway = await openTestGateway({ resources: [...testResources, spResource()] })
  const admin = await signInAdmin(gateway)
  const person = await createPerson(gateway, admin, { name: 'dev@example.com', roles: ['aws'] })
  const browser = await signIn(gateway, person)
  const signedBy = async () => {
    const answer = await browser.get('/saml/idp/login/aws-identity-center')
    return new Set(certificatesOf(readPostedForm(answer.text).xml))
  }
  const metadata = async () => {
    const response = await browser.get('/saml/idp/metadata')
    return certificatesOf(response.text ?? String(response.body))
  }
  const [first] = await metadata()
  await gateway.gateway.samlKeys.addNext('ada')
  const published = await metadata()
  expect(published).toHaveLength(2)
  expect(published[0]).toBe(first)
  expect(await signedBy()).toEqual(new Set([first]))
  await gateway.gateway.samlKeys.promoteNext('ada')
  expect(await signedBy()).toEqual(new Set([published[1]]))
})
