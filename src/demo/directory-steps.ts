/** @module The step of the self-check about directories: one pushes a person over SCIM, as Okta and Entra ID do, into AWS. */
import { z } from 'zod'
import { addDirectoryTokenAnswer, paths } from '../api/contract.js'
import { readAws } from './aws-console.js'
import { putResource, until } from './connect.js'
import { expect, type Stage, type Step } from './stage.js'

export const directorySteps: readonly Step[] = [
  ['whom a directory pushes is in AWS, and is off there once the directory says so', pushed],
]

const connector = 'self-check'
const person = 'pushed@example.com'
const resource = z.object({ id: z.string() })

async function pushed(stage: Stage): Promise<string> {
  const { world, admin } = stage
  const { gatewayUrl } = world
  await putResource(stage, {
    ...{ kind: 'oidc', version: 'v3', metadata: { name: connector } },
    spec: { issuer_url: 'https://idp.example.com', client_id: 'self-check', client_secret: 'never used' },
  })
  const tokens = paths.connectorScimTokens.replace(':name', connector)
  const added = await admin.api(gatewayUrl, 'POST', tokens, { label: 'self-check' })
  const { secret } = addDirectoryTokenAnswer.parse(added)
  const ask = async (method: string, path: string, body?: object): Promise<Response> =>
    await fetch(`${gatewayUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/scim+json' },
      ...(body && { body: JSON.stringify(body) }),
    })
  const stateInAws = async () => (await readAws(world)).users.find(({ userName }) => userName === person)
  const name = { givenName: 'Pat', familyName: 'Pushed' }
  const made = await ask('POST', paths.scimUsers, {
    ...{ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: person, name },
    ...{ displayName: 'Pat Pushed', emails: [{ value: person, primary: true, type: 'work' }], active: true },
  })
  expect(made.status === 201, `the person was answered with ${made.status}`)
  const { id } = resource.parse(await made.json())
  await until(`${person} is in AWS`, async () => (await stateInAws())?.active === true)
  const one = paths.scimUser.replace(':id', id)
  const turnedOff = await ask('PATCH', one, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
  })
  expect(turnedOff.ok, `turning the person off was answered with ${turnedOff.status}`)
  await until(`${person} is off in AWS`, async () => (await stateInAws())?.active === false)
  const removed = await ask('DELETE', one)
  expect(removed.status === 204, `removing the person was answered with ${removed.status}`)
  await until(`${person} has left AWS`, async () => (await stateInAws())?.active !== true)
  await admin.api(gatewayUrl, 'DELETE', `/v1/resources/oidc/${connector}`)
  const after = await ask('GET', paths.scimUsers)
  expect(after.status === 401, `the token of the removed connector was answered with ${after.status}`)
  return `${person} came and went; the token ended with its connector`
}
