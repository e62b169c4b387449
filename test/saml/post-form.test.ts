/**
 * @module The page that posts a Response: escaped, self-posting, and allowed to go where it must and no further.
 */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { buildFormActions } from '../../src/saml/form-actions.js'
import { buildPostForm } from '../../src/saml/post-form.js'

const acsUrl = 'https://sp.example/acs?a=1&b=2'
const form = { acsUrl, samlResponseXml: '<a>é</a>', relayState: 'state', applicationName: 'Ledger' }

describe('the page', () => {
  test('posts Response and RelayState to the ACS, by script or by a button that says where to', () => {
    const { html } = buildPostForm(form)
    expect(html).toContain(
      '<form method="post" action="https://sp.example/acs?a=1&amp;b=2" accept-charset="utf-8">',
    )
    expect(html).toContain(`name="SAMLResponse" value="${Buffer.from('<a>é</a>').toString('base64')}"`)
    expect(html).toContain('name="RelayState" value="state"')
    expect(html).toContain('<button type="submit">Continue to Ledger</button>')
  })

  test('leaves RelayState out where none came, and keeps an empty one', () => {
    expect(buildPostForm({ ...form, relayState: undefined }).html).not.toContain('RelayState')
    expect(buildPostForm({ ...form, relayState: '' }).html).toContain('name="RelayState" value=""')
  })

  test('lets no value out of its place', () => {
    const attack = `"><script>alert(1)</script><form action='//evil'>`
    const { html } = buildPostForm({
      ...form,
      relayState: attack,
      applicationName: attack,
      acsUrl: `https://sp.example/${attack}`,
    })
    expect(html.match(/<script>/g)).toHaveLength(1)
    expect(html.match(/<form /g)).toHaveLength(1)
  })

  test('runs its own script alone, whose hash the policy names', () => {
    const { html, contentSecurityPolicy } = buildPostForm(form)
    const script = /<script>(.*)<\/script>/.exec(html)?.[1] ?? ''
    const hash = createHash('sha256').update(script).digest('base64')
    expect(contentSecurityPolicy).toBe(
      `default-src 'none'; script-src 'sha256-${hash}'; style-src ${/style-src ('sha256-[^']+')/.exec(contentSecurityPolicy)?.[1]}; ` +
        "form-action https://sp.example/acs; base-uri 'none'; frame-ancestors 'none'",
    )
  })
})

describe('where the page may go', () => {
  test('is the ACS alone for an ordinary service provider', () => {
    expect(buildFormActions(acsUrl, [])).toEqual(['https://sp.example/acs'])
  })

  test('is the origin of what follows too, where the service provider says it', () => {
    expect(
      buildFormActions(acsUrl, [
        'https://portal.example/start#x',
        'https://portal.example/b',
        'javascript:x',
        'no url',
      ]),
    ).toEqual(['https://sp.example/acs', 'https://portal.example'])
  })

  test.each([
    ['https://eu-west-1.signin.aws/platform/saml/acs/x', 'https://*.awsapps.com'],
    ['https://eu-west-1.sso.signin.aws/platform/saml/acs/x', 'https://*.app.aws'],
    ['https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/x', 'https://*.portal.amazonaws.com'],
    [
      'https://us-gov-west-1.signin.amazonaws-us-gov.com/platform/saml/acs/x',
      'https://*.amazonaws-us-gov.com',
    ],
    ['https://cn-north-1.signin.amazonaws.cn/platform/saml/acs/x', 'https://*.awsapps.cn'],
  ])('of AWS at %s includes the access portal of that partition', (url, portal) => {
    const actions = buildFormActions(url, [])
    expect(actions[0]).toBe(url)
    expect(actions).toContain(portal)
  })

  test.each([
    'https://evil-signin.aws.example/acs',
    'https://signin.aws.evil.example/acs',
    'http://x.signin.aws/acs',
  ])('includes nothing of AWS for %s', (url) => {
    expect(buildFormActions(url, [])).toEqual([url])
  })

  test('cannot be widened by the text of an URL', () => {
    expect(buildFormActions("https://sp.example/a;script-src,*'?x;y", [])).toEqual([
      "https://sp.example/a%3Bscript-src%2C*'",
    ])
  })
})
