/** @module The step of the self-check about webhooks: a receiver of this process is told of a request, and checks who tells it. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { applyAnswer, createAccessRequestAnswer, paths } from '../api/contract.js'
import { HeadlessBrowser } from './browser.js'
import { until } from './connect.js'
import { signIn } from './journeys.js'
import { requester } from './requests.js'
import { expect, type Stage, type Step } from './stage.js'

export const webhookSteps: readonly Step[] = [
  ['a receiver is told of an access request, and the signature is of its secret', toldOfRequest],
]

const webhook = 'self-check'

interface Told {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

async function toldOfRequest({ world, admin, seeds }: Stage): Promise<string> {
  const told: Told[] = []
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      told.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  try {
    // A server that listens on a port has an address of this form.
    const { port } = receiver.address() as AddressInfo
    const made = await admin.api(world.gatewayUrl, 'POST', paths.resources, {
      ...{ kind: 'webhook', version: 'v1', metadata: { name: webhook } },
      spec: { url: `http://127.0.0.1:${port}/hook`, events: ['access_request.created'] },
    })
    const secret = applyAnswer.parse(made).changes[0]?.secret ?? ''
    const browser = new HeadlessBrowser()
    await signIn(world, browser, requester, '/', seeds)
    const wish = {
      items: [{ kind: 'assignment', account: 'production', permissionSet: 'PowerUserAccess' }],
      reason: 'Told to a receiver',
      duration: '1h',
    }
    const answer = await browser.api(world.gatewayUrl, 'POST', paths.accessRequests, wish)
    const { id = '' } = createAccessRequestAnswer.parse(answer).request
    await until('the receiver is told', () => Promise.resolve(told.length > 0))
    await browser.api(world.gatewayUrl, 'POST', paths.requestCancel.replace(':id', id), {
      reason: 'self-check',
    })
    const [first] = told
    expect(first !== undefined && first.body.includes(id), 'the message is about another request')
    expect(first !== undefined && isSignedBy(secret, first), 'the signature is not of the secret')
    expect(
      first !== undefined && !isSignedBy(secret, { ...first, body: `${first.body} ` }),
      'a changed message passes for a signed one',
    )
    return `a receiver was told of the request ${id} and knows by the signature who told it`
  } finally {
    await admin.api(world.gatewayUrl, 'DELETE', `/v1/resources/webhook/${webhook}`)
    receiver.closeAllConnections()
    await new Promise((resolve) => receiver.close(resolve))
  }
}

/** As a receiver checks it, by the text of Standard Webhooks. */
function isSignedBy(secret: string, { headers, body }: Told): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const content = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`
  const wanted = Buffer.from(`v1,${createHmac('sha256', key).update(content).digest('base64')}`)
  return String(headers['webhook-signature'])
    .split(' ')
    .map((one) => Buffer.from(one))
    .some((one) => one.length === wanted.length && timingSafeEqual(one, wanted))
}
