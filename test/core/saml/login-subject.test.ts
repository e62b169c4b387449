import { describe, expect, test } from 'vitest'
import type { LoginAssertion, NameId } from '../../../src/core/saml/login-response.js'
import { findLoginSubject, type SubjectRules } from '../../../src/core/saml/login-subject.js'

const formats = 'urn:oasis:names:tc:SAML:'
const persistent = `${formats}2.0:nameid-format:persistent`
const transient = `${formats}2.0:nameid-format:transient`
const email = `${formats}1.1:nameid-format:emailAddress`
const rules: SubjectRules = {
  issuer: 'https://idp.example',
  entityId: 'https://gate.example/sp',
  usernameAttribute: undefined,
  subjectAttribute: undefined,
}

function find(
  nameId: Partial<NameId> | undefined,
  attributes: LoginAssertion['attributes'] = {},
  changes: Partial<SubjectRules> = {},
) {
  const whole = { value: 'alice', format: persistent, nameQualifier: undefined, spNameQualifier: undefined }
  const assertion = {
    id: '_a',
    version: '2.0',
    issuer: rules.issuer,
    issueInstant: 0,
    nameId: nameId && { ...whole, ...nameId },
    confirmations: [],
    notBefore: undefined,
    notOnOrAfter: undefined,
    audiences: [],
    unknownConditions: [],
    authnStatements: [],
    attributes,
  }
  return findLoginSubject(assertion, { ...rules, ...changes })
}

function subject(...args: Parameters<typeof find>): string {
  const found = find(...args)
  if (!found.ok) throw new Error(found.says)
  return found.subject
}

describe('the subject', () => {
  test('is the NameID with its format and qualifiers; one left out is the one it stands for', () => {
    const plain = subject({})
    expect(subject({ nameQualifier: rules.issuer, spNameQualifier: rules.entityId })).toBe(plain)
    const others = [
      subject({ value: 'Alice' }),
      subject({ nameQualifier: 'https://other.example' }),
      subject({ spNameQualifier: 'https://other.example' }),
      subject({ format: email }),
      subject({ format: undefined }),
      subject({}, {}, { issuer: 'https://other.example' }),
    ]
    expect(new Set([plain, ...others]).size).toBe(others.length + 1)
  })

  test('of a mail address does not depend on its case', () => {
    expect(subject({ format: email, value: 'Alice@Corp.example' })).toBe(
      subject({ format: email, value: 'alice@corp.example' }),
    )
  })

  test('is the attribute that the connector names, which no NameID can equal', () => {
    const employee = { subjectAttribute: 'employee' }
    const given = subject({ value: 'old@corp.example', format: email }, { employee: ['4711'] }, employee)
    expect(subject({ value: 'new@corp.example', format: email }, { employee: ['4711'] }, employee)).toBe(
      given,
    )
    expect(subject({ value: '4711' })).not.toBe(given)
  })

  test.each([
    ['a transient NameID', { format: transient }, {}, { usernameAttribute: 'uid' }, 'name_id'],
    ['no NameID', undefined, { uid: ['alice'] }, { usernameAttribute: 'uid' }, 'name_id'],
    ['the attribute missing', {}, {}, { subjectAttribute: 'employee' }, 'subject'],
    ['an attribute of every object', {}, {}, { subjectAttribute: 'constructor' }, 'subject'],
    ['two values', {}, { employee: ['1', '2'] }, { subjectAttribute: 'employee' }, 'subject'],
    ['an empty value', {}, { employee: [''] }, { subjectAttribute: 'employee' }, 'subject'],
    ['an endless value', {}, { employee: ['x'.repeat(257)] }, { subjectAttribute: 'employee' }, 'subject'],
  ])('cannot be told with %s', (_, nameId, attributes, changes, because) => {
    expect(find(nameId, attributes, changes)).toMatchObject({ ok: false, because })
  })
})

describe('the name of the user', () => {
  test('is the NameID, or the attribute that the connector names', () => {
    expect(find({ value: 'Alice' })).toMatchObject({ username: 'Alice' })
    const named = find({}, { uid: ['a.smith'] }, { usernameAttribute: 'uid' })
    expect(named).toMatchObject({ username: 'a.smith' })
  })

  test('is never a transient NameID', () => {
    const changes = { subjectAttribute: 'employee' }
    expect(find({ format: transient }, { employee: ['1'] }, changes)).toMatchObject({ because: 'username' })
    const both = { ...changes, usernameAttribute: 'uid' }
    expect(find({ format: transient }, { employee: ['1'], uid: ['alice'] }, both)).toMatchObject({ ok: true })
  })
})
