/** @module `POST /v1/saml/test-assertion`: what an application would be told about a person; nobody signs in. */
import type { z } from 'zod'
import {
  paths,
  testAssertionAnswer,
  testAssertionRequest,
  type TestAssertionAnswer,
} from '../../api/contract.js'
import { readYamlDocuments } from '../../api/resource/documents.js'
import { resourceError } from '../../api/resource/parse.js'
import { GatewayError } from '../../core/error.js'
import { testAssertion as playSignIn, type TestAssertionInput } from '../../service/saml/test-assertion.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const testAssertion = route({
  method: 'post',
  path: paths.testAssertion,
  right: { resource: 'user', verb: 'read' },
  summary: 'What an application would be told about a person, without a sign-in',
  answer: { kind: 'json', schema: testAssertionAnswer },
  body: testAssertionRequest,
  handler: async ({ deps, body, actor }) => {
    const { content, user, serviceProvider, ...tested } = await playSignIn(
      deps,
      { user: body.user, serviceProvider: serviceProviderOf(body) },
      authorityOf(actor),
    )
    const answer: TestAssertionAnswer = {
      user: user.name,
      serviceProvider: serviceProvider.name,
      entityId: serviceProvider.entityId,
      acsUrl: tested.acsUrl,
      effect: tested.effect,
      says: tested.says,
      nameId: { value: content.nameId, format: content.nameIdFormat },
      attributes: content.attributes.map((one) => ({ ...one, values: [...one.values] })),
      omitted: [...tested.omitted],
      xml: tested.xml,
    }
    return json(answer)
  },
})

function serviceProviderOf(
  body: z.output<typeof testAssertionRequest>,
): TestAssertionInput['serviceProvider'] {
  const { serviceProvider: name, document: text, source = 'request' } = body
  if (name !== undefined && text === undefined) return { name }
  if (name !== undefined || text === undefined) {
    const message = 'give either serviceProvider, the name of a stored one, or document, the YAML of one'
    throw new GatewayError('INVALID_INPUT', message, { fields: [{ path: 'body', message }] })
  }
  const [written, ...rest] = readYamlDocuments(text, source)
  if (written !== undefined && rest.length === 0) return { document: written }
  const message = `one document is expected here, and there are ${rest.length + (written === undefined ? 0 : 1)}`
  throw resourceError('saml_idp_service_provider', undefined, [{ path: '', message }], source)
}
