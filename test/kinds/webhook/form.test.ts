/** What may be written as a webhook, and what may not. */
import { describe, expect, test } from 'vitest'
import { webhookEvents } from '../../../src/core/webhook/webhook.js'
import { parseWebhookDocument } from '../../../src/kinds/webhook/form.js'

const url = 'https://hooks.example.com/gatehouse'
const webhook = (spec: object, name = 'chat') => ({
  kind: 'webhook',
  version: 'v1',
  metadata: { name },
  spec,
})
const parse = (spec: object) => parseWebhookDocument(webhook(spec)).value

describe('a webhook', () => {
  test('is told of everything, on the public internet, unless it says otherwise', () => {
    expect(parse({ url })).toEqual({
      name: 'chat',
      url,
      events: undefined,
      items: undefined,
      allowsPrivateNetwork: false,
      isDisabled: false,
    })
    const more = { url, events: 'access_request.denied', allow_private_network: 'yes', disabled: true }
    expect(parse(more)).toMatchObject({
      events: ['access_request.denied'],
      allowsPrivateNetwork: true,
      isDisabled: true,
    })
  })

  test('keeps its events in one order, each once', () => {
    const events = ['access_request.denied', 'access_request.created', 'access_request.denied']
    expect(parse({ url, events }).events).toEqual(['access_request.created', 'access_request.denied'])
    expect(parse({ url, events: [...webhookEvents].reverse() }).events).toEqual(webhookEvents)
  })

  test('is told of requests for what it names, of all where it names nothing', () => {
    const items = { organizational_units: 'Root/Production', permission_sets: ['*'], apps: ['wiki'] }
    expect(parse({ url, items }).items).toEqual({
      accounts: [],
      organizationalUnits: ['Root/Production'],
      permissionSets: ['*'],
      roles: [],
      apps: ['wiki'],
    })
    expect(parse({ url, items: null }).items).toBeUndefined()
  })

  test.each(['http://localhost:8080/', 'http://127.0.0.1/x', 'http://[::1]:1/', 'https://10.0.0.1/'])(
    'may go to %s',
    (to) => {
      expect(parse({ url: to }).url).toBe(to)
    },
  )

  test.each([
    [{ url: 'http://hooks.example.com/' }, 'spec.url: must begin with https://'],
    [{ url: 'http://localhost.example.com/' }, 'spec.url: must begin with https://'],
    [{ url: 'file:///etc/passwd' }, 'spec.url: must begin with https://'],
    [{ url: 'https://user:pass@hooks.example.com/' }, 'must hold no user and no password'],
    [{ url: `${url}#top` }, 'must have no fragment'],
    [{ url: 'hooks.example.com' }, 'is no URL'],
    [{ url: `${url}/${'x'.repeat(2000)}` }, 'at most 2000 characters'],
    [{}, 'spec.url'],
    [{ url, events: [] }, 'names no event'],
    [{ url, events: ['access_request.create'] }, 'did you mean access_request.created'],
    [{ url, secret: 'whsec_x' }, 'spec.secret'],
    [{ url, items: {} }, 'spec.items: name what the webhook is about'],
    [{ url, items: { organizational_units: 'Root' } }, 'spec.items.permission_sets: is needed beside'],
    [{ url, items: { permission_sets: '*' } }, 'spec.items.accounts: is needed beside permission_sets'],
    [{ url, items: { accounts: '^($', permission_sets: '*' } }, 'spec.items.accounts'],
  ])('is refused: %j', (spec, says) => {
    expect(() => parse(spec)).toThrow(says)
  })

  test.each(['a/b', 'a b', '', '-a', 'x'.repeat(61)])('is not called "%s"', (name) => {
    expect(() => parseWebhookDocument(webhook({ url }, name))).toThrow('metadata.name')
  })
})
