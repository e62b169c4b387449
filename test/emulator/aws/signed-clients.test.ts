/**
 * The signatures of the official clients, verified; and any change of what they signed, refused.
 */
import { request as httpRequest } from 'node:http'
import { ListRolesCommand, type IAMClient } from '@aws-sdk/client-iam'
import { ListUsersCommand, type IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { ListAccountsCommand, type OrganizationsClient } from '@aws-sdk/client-organizations'
import { ListPermissionSetsCommand, type SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { GetCallerIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminKey, AwsWorld, demo, type Clients } from '../aws-world.js'

let world: AwsWorld
beforeAll(async () => {
  world = await AwsWorld.open({ settings: { verifySignatures: true } })
  // The clients sign with the time of this machine.
  world.clock.set(Date.now())
})
afterAll(() => world[Symbol.asyncDispose]())

const calls: readonly [string, (clients: Clients) => Promise<unknown>][] = [
  [
    'sso-admin',
    ({ ssoAdmin }) => ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn: demo.instanceArn })),
  ],
  [
    'identitystore',
    ({ identitystore }) =>
      identitystore.send(new ListUsersCommand({ IdentityStoreId: demo.identityStoreId })),
  ],
  ['organizations', ({ organizations }) => organizations.send(new ListAccountsCommand({}))],
  ['iam', ({ iam }) => iam.send(new ListRolesCommand({ PathPrefix: '/aws-reserved/' }))],
  ['sts', ({ sts }) => sts.send(new GetCallerIdentityCommand({}))],
]
const json = ['sso-admin', 'identitystore', 'organizations']

describe.each(calls)('%s', (service, call) => {
  test('the client with the right secret is answered', async () => {
    await expect(call(world.clients)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } })
  })

  test('the client with another secret is not', async () => {
    const wrong = world.clientsOf({
      ...adminKey,
      secretAccessKey: adminKey.secretAccessKey.replace('K7', 'K8'),
    })
    await expect(call(wrong)).rejects.toMatchObject({
      name: json.includes(service) ? 'InvalidSignatureException' : 'SignatureDoesNotMatch',
      message: expect.stringMatching(/^The request signature we calculated does not match/) as string,
      $metadata: { httpStatusCode: json.includes(service) ? 400 : 403 },
    })
  })

  test('the client whose clock is wrong is not', async () => {
    world.clock.set(Date.now() + 16 * 60_000)
    await expect(call(world.clients)).rejects.toMatchObject({
      message: expect.stringMatching(/^Signature expired: \d{8}T\d{6}Z is now earlier than/) as string,
    })
    world.clock.set(Date.now())
  })
})

interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Kept {
  readonly request: { readonly headers: Sent['headers']; readonly body: Uint8Array }
}

/** What a client puts on the wire, kept from going there. */
async function capture(
  client: SSOAdminClient | IdentitystoreClient | OrganizationsClient | IAMClient | STSClient,
  send: () => Promise<unknown>,
): Promise<Sent> {
  let sent: Sent | undefined
  // What the stacks of all clients have in common; the body is text or bytes.
  const stack = client.middlewareStack as unknown as {
    add(middleware: (next: unknown) => (args: Kept) => Promise<never>, options: object): void
    remove(name: string): void
  }
  const keep =
    () =>
    ({ request }: Kept) => {
      sent = { headers: request.headers, body: Buffer.from(request.body).toString('utf8') }
      return Promise.reject(new Error('kept'))
    }
  stack.add(keep, { step: 'finalizeRequest', priority: 'low', name: 'keep' })
  await expect(send()).rejects.toThrow('kept')
  stack.remove('keep')
  if (sent === undefined) throw new Error('nothing was sent')
  return sent
}

function send({ headers, body }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.url)
    const bytes = Buffer.from(body)
    const own = { ...headers, 'content-length': String(bytes.length) }
    httpRequest({ hostname, port, method: 'POST', path: '/', headers: own }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end(bytes)
  })
}

/** The text with one character made another. */
function change(text: string, at: number): string {
  const place = at % text.length
  const other = text[place] === '7' ? '8' : '7'
  return text.slice(0, place) + other + text.slice(place + 1)
}

test('any character that is changed in what was signed makes the call fail', async () => {
  const { ssoAdmin, iam } = world.clients
  const requests = [
    await capture(ssoAdmin, () =>
      ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn: demo.instanceArn })),
    ),
    await capture(iam, () => iam.send(new ListRolesCommand({ MaxItems: 7 }))),
  ]
  expect(await Promise.all(requests.map(send))).toEqual([200, 200])

  const signedHeaders = ({ headers }: Sent): string[] =>
    (/SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1] ?? '').split(';')
  expect(signedHeaders(requests[0] ?? { headers: {}, body: '' })).toContain('x-amz-target')
  // The Host is checked before anybody looks at signatures, and the length by the parser of HTTP.
  const places = requests.flatMap((sent) => [
    { sent, place: 'body' },
    { sent, place: 'authorization' },
    ...signedHeaders(sent)
      .filter((name) => name !== 'host' && name !== 'content-length')
      .map((place) => ({ sent, place })),
  ])
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.nat(), async ({ sent, place }, at) => {
      const changed =
        place === 'body'
          ? { ...sent, body: change(sent.body, at) }
          : { ...sent, headers: { ...sent.headers, [place]: change(sent.headers[place] ?? '', at) } }
      expect(await send(changed)).toBeGreaterThanOrEqual(400)
    }),
    { numRuns: 400 },
  )
})
