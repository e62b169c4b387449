/** @module The kind `login_rule`: what the claims of upstreams become before roles are mapped from them. */
import type { LoginRule } from '../../core/connector/login-rules.js'
import type { Kind } from '../../service/resources/kind.js'
import { loginRuleForm, parseLoginRuleDocument } from './form.js'

const example = `kind: login_rule
version: v1
metadata:
  name: lower-case-groups
spec:
  priority: 0
  traits_map:
    email: [external.email]
    groups: [strings.lower(external.groups)]
`

export const loginRuleKind: Kind<LoginRule> = {
  name: 'login_rule',
  plural: 'login_rules',
  title: 'login rule',
  aliases: [],
  description: 'What the claims of connectors become before roles are mapped from them.',
  versions: ['v1'],
  example,
  schema: loginRuleForm,
  parse: parseLoginRuleDocument,
  audit: { create: 'login_rule.create', update: 'login_rule.update', delete: 'login_rule.delete' },
  columns: [
    { key: 'priority', title: 'Priority', of: ({ priority }) => String(priority) },
    {
      key: 'traits',
      title: 'Traits',
      of: ({ traitsMap }) => traitsMap.map(({ trait }) => trait).join(', '),
    },
  ],
}
