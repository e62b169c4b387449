/** @module `GET /v1/apps`: the tiles of the Resources page. */
import { appListAnswer, paths, type AppAnswer } from '../../api/contract.js'
import { listApps as listAppsFor } from '../../service/saml/list-apps.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

const titles: Readonly<Record<string, { title: string; description: string }>> = {
  'aws-identity-center': {
    title: 'AWS IAM Identity Center',
    description: 'Opens the AWS access portal, where you pick an account and a permission set.',
  },
}

export const listApps = route({
  method: 'get',
  path: paths.apps,
  right: 'session',
  summary: 'The applications with SAML sign-in, whether one may open each, and why not',
  answer: { kind: 'json', schema: appListAnswer },
  handler: async ({ deps, actor }) => {
    const apps = await listAppsFor(deps, personOf(actor))
    const answer = apps.map(({ serviceProvider: sp, allowed, needsSessionMfa, because }): AppAnswer => ({
      name: sp.name,
      title: titles[sp.preset]?.title ?? sp.name,
      description: titles[sp.preset]?.description ?? 'An application with SAML sign-in.',
      entityId: sp.entityId,
      labels: { ...sp.labels },
      loginUrl: sp.launchUrls[0] ?? `/saml/idp/login/${encodeURIComponent(sp.name)}`,
      allowed,
      requires: needsSessionMfa ? ['session_mfa'] : [],
      because,
    }))
    return json({ items: answer })
  },
})
