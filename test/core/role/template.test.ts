import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expandTemplate, parseTemplate } from '../../../src/core/role/template.js'

const traits = {
  team: ['sre', 'dev'],
  email: ['alice@example.com', 'nobody'],
  'cost centre': ['42'],
  groups: ['aws-admin-prod', 'aws-read-test', 'mail'],
  empty: ['', ''],
  stars: ['*', '^.*$'],
}

function expand(text: string): readonly string[] {
  return expandTemplate(parseTemplate(text, 'field'), traits)
}

describe('templates', () => {
  test.each([
    ['{{internal.team}}', ['sre', 'dev']],
    ['{{ external.team }}', ['sre', 'dev']],
    ['{{external["cost centre"]}}', ['42']],
    ['team-{{external.team}}-x', ['team-sre-x', 'team-dev-x']],
    ['{{external.missing}}', []],
    ['{{external.constructor}}', []],
    ['x-{{external.empty}}', []],
    ['{{email.local(external.email)}}', ['alice']],
    ['{{regexp.replace(external.groups, "^aws-(.*)-(.*)$", "$2-$1")}}', ['prod-admin', 'test-read']],
    ['{{regexp.replace(external.groups, `^aws-(?P<what>\\w+)-.*$`, "${what}")}}', ['admin', 'read']],
    ['{{regexp.replace(external.groups, "^mail$", "$$1 $9")}}', ['$1 ']],
    ['{{regexp.replace(external.team, "[sd]", "<$0>")}}', ['<s>re', '<d>ev']],
    ['{{regexp.replace(email.local(external.email), "^ali(ce)$", "${1}x")}}', ['cex']],
    ['{{external.stars}}', ['*', '^.*$']],
  ])('%s yields %j', (text, expected) => {
    expect(expand(text)).toEqual(expected)
  })

  test.each([
    ['{{external.team', 'belong together'],
    ['external.team}}', 'belong together'],
    ['{{external.team}}{{external.email}}', 'one value holds one'],
    ['{{{external.team}}}', 'one value holds one'],
    ['{{}}', 'expected'],
    ['{{team}}', 'internal, external'],
    ['{{external}}', 'the name of a trait'],
    ['{{external.my-team}}', 'not understood'],
    ['{{external[""]}}', 'empty'],
    ['{{external.team.x}}', 'after the end'],
    ['{{email.domain(external.email)}}', 'no function "email.domain"'],
    ['{{regexp.replace(external.team, "a")}}', '"," and the replacement'],
    ['{{regexp.replace(external.team, "a\\.b", "x")}}', 'no escape'],
    [`{{regexp.replace(external.team, "a", "${'x'.repeat(257)}")}}`, 'longer than 256'],
    [`{{${'email.local('.repeat(9)}external.team${')'.repeat(9)}}}`, 'nested'],
    [`{{external.${'x'.repeat(2000)}}}`, 'longer than 1024'],
  ])('%s is refused and named', (text, because) => {
    const parse = () => parseTemplate(text, 'spec.allow.app_labels.team')
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_TEMPLATE' }))
    expect(parse).toThrow('spec.allow.app_labels.team: the template')
    expect(parse).toThrow(because)
  })

  test('a pattern that RE2 does not know is refused as a matcher', () => {
    const parse = () => parseTemplate('{{regexp.replace(external.team, "(?=a)", "x")}}', 'f')
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_MATCHER' }))
    expect(parse).toThrow('f: the pattern "(?=a)"')
  })

  test('values come through unchanged, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20, unit: 'binary' }), { maxLength: 4 }),
        (values) => {
          const template = parseTemplate('{{external.x}}', 'f')
          expect(expandTemplate(template, { x: values })).toEqual(values)
        },
      ),
    )
  })

  test('no text makes the parser do anything but answer or refuse', () => {
    const parts = fc.array(
      fc.constantFrom('{{', '}}', 'external', '.', 'x', '(', ')', '"', '\\', '`', '[', ']', ',', ' '),
    )
    fc.assert(
      fc.property(parts, (list) => {
        try {
          parseTemplate(list.join(''), 'f')
        } catch (error) {
          expect(error).toMatchObject({
            code: expect.stringMatching(/^INVALID_(TEMPLATE|MATCHER)$/) as unknown,
          })
        }
      }),
      { numRuns: 2000 },
    )
  })
})
