import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { editDocument } from '../../src/web/forms/edit-document.js'
import { completeRows, sameRows } from '../../src/web/forms/label-rows.js'
import { roleEdits } from '../../src/web/forms/role-edits.js'
import { readRoleFields, type RoleFields } from '../../src/web/forms/role-fields.js'
import { roleTemplates } from '../../src/web/forms/role-templates.js'
import { readUserFields, userEdits } from '../../src/web/forms/user-fields.js'

const role = `# who may work on payments
kind: role
version: v8
metadata:
  name: payments
  labels: {team: payments} # not in the form
spec:
  allow:
    logins: [root]
    app_labels:
      teleport.dev/origin: aws-identity-center
    rules:
      - resources: [user]
        verbs: [list, read]
        actions: ['log']
  deny:
`

function fieldsOf(text: string): RoleFields {
  const read = readRoleFields(text)
  if ('problem' in read) throw new Error(read.problem)
  return read.fields
}

describe('a role as a form', () => {
  test('shows what the document says', () => {
    const { allow, deny, ...fields } = fieldsOf(role)
    expect(fields).toMatchObject({ name: 'payments', description: '', version: 'v8' })
    expect(allow.labels).toEqual([{ key: 'teleport.dev/origin', values: ['aws-identity-center'] }])
    expect(allow.rules).toEqual([{ resources: ['user'], verbs: ['list', 'read'], where: '' }])
    expect(deny).toEqual({ labels: [], labelsExpression: '', assignments: [], rules: [] })
  })

  test('names what it has no field for', () => {
    expect(readRoleFields(role)).toMatchObject({ unshown: ['metadata.labels', 'spec.allow.logins'] })
  })

  test.each([
    ['kind: role\nspec: {allow: 5}', '"spec.allow" is not what the form can show; edit it as YAML.'],
    ['kind: role\nspec: {allow: {rules: yes}}', '"spec.allow.rules" is not what the form can show'],
    ['kind: [', 'The YAML has a mistake'],
    ['kind: role\n---\nkind: user', 'The text holds several documents'],
    ['just words', 'The text is not a document with fields.'],
  ])('says why it cannot show %j', (text, problem) => {
    expect(readRoleFields(text)).toEqual({ problem: expect.stringContaining(problem) as string })
  })
})

describe('an edit in the form', () => {
  test('keeps comments, unknown fields and everything else as it was', () => {
    const edited = roleEdits.description(role, 'Works on payments')
    expect(edited).toContain('# who may work on payments')
    expect(edited).toContain('labels: {team: payments} # not in the form')
    expect(edited.replace('  description: Works on payments\n', '')).toBe(role)
  })

  test('sets a field in a section that is empty', () => {
    const edited = roleEdits.assignment(role, 'deny', 0, { account: '012345678901', permissionSet: '*' })
    expect(parse(edited)).toMatchObject({
      spec: { deny: { account_assignments: [{ account: '012345678901', permission_set: '*' }] } },
    })
  })

  test('that takes the last value away takes the empty section with it, and no more', () => {
    const edited = roleEdits.removeRule(roleEdits.labels(role, 'allow', []), 'allow', 0)
    expect(parse(edited)).toMatchObject({ spec: { allow: { logins: ['root'] } } })
    expect(edited).not.toContain('app_labels')
    expect(edited).not.toContain('rules')
  })

  test('of a rule keeps the fields of the rule that it does not show', () => {
    const edited = roleEdits.rule(role, 'allow', 0, { resources: ['role'], verbs: ['list'], where: 'a == b' })
    expect(parse(edited)).toMatchObject({
      spec: {
        allow: { rules: [{ resources: ['role'], verbs: ['list'], where: 'a == b', actions: ['log'] }] },
      },
    })
  })

  test('comes back as it was typed, whatever YAML would make of it', () => {
    for (const typed of ['yes', '012', '8', ' spaced ', 'a: b', '- x', '"', "it's", '#no', '']) {
      expect(fieldsOf(roleEdits.option(role, 'max_session_ttl', typed)).options.maxSessionTtl).toBe(typed)
      expect(fieldsOf(roleEdits.name(role, typed)).name).toBe(typed)
    }
  })

  test('leaves a text with a mistake alone', () => {
    expect(editDocument('kind: [', ['version'], 'v8')).toBe('kind: [')
  })
})

test.each(roleTemplates)('the template $id has its fields in the form', ({ yaml }) => {
  expect(readRoleFields(yaml)).toMatchObject({ unshown: [] })
})

describe('rows of labels', () => {
  test('count once they have a name and a value; of two with one name the later does', () => {
    const rows = [
      { key: 'team', values: ['a'] },
      { key: '', values: ['b'] },
      { key: 'env', values: [] },
      { key: 'team', values: ['c'] },
    ]
    expect(completeRows(rows)).toEqual([{ key: 'team', values: ['c'] }])
  })

  test('say the same in another order, and not with another value', () => {
    const rows = [
      { key: 'a', values: ['1'] },
      { key: 'b', values: ['2'] },
    ]
    expect(sameRows(rows, rows.toReversed())).toBe(true)
    expect(sameRows(rows, [{ key: 'a', values: ['2'] }])).toBe(false)
  })
})

describe('a user as a form', () => {
  const user =
    'kind: user\nmetadata:\n  name: a@example.com\nspec:\n  roles: [x]\n  traits:\n    team: [a, b]\n'

  test('shows roles and traits, and changes nothing else', () => {
    expect(readUserFields(user)).toEqual({
      fields: { name: 'a@example.com', roles: ['x'], traits: [{ key: 'team', values: ['a', 'b'] }] },
    })
    const edited = userEdits.traits(userEdits.roles(user, ['x', 'y']), [])
    expect(parse(edited)).toEqual({
      kind: 'user',
      metadata: { name: 'a@example.com' },
      spec: { roles: ['x', 'y'] },
    })
  })

  test.each([
    ['spec: {roles: all}', '"spec.roles" is not a list of names'],
    ['spec: {traits: [team]}', '"spec.traits" is not a list of names with values'],
    ['spec: {traits: {team: {a: b}}}', '"spec.traits.team" has no list of texts'],
  ])('says why it cannot show %s', (text, problem) => {
    expect(readUserFields(text)).toEqual({ problem: expect.stringContaining(problem) as string })
  })
})
