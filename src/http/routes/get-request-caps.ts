/** @module `GET /v1/me/request-caps`: the roles and applications that one may ask for, and on which terms. */
import { requestCapsAnswer, type RequestCapsAnswer } from '../../api/contract/access-requests.js'
import { paths } from '../../api/contract.js'
import { identityCenterPreset } from '../../core/saml/identity-center.js'
import { formatDuration } from '../../core/time.js'
import { listRequestCaps } from '../../service/access-requests/caps.js'
import { authorityOf, personOf } from '../person.js'
import { json, route } from '../route.js'

export const getRequestCaps = route({
  method: 'get',
  path: paths.meRequestCaps,
  right: 'session',
  summary: 'The roles and applications that one may ask for, and on which terms',
  answer: { kind: 'json', schema: requestCapsAnswer },
  handler: async ({ deps, actor }) => {
    personOf(actor)
    const caps = await listRequestCaps(deps, authorityOf(actor))
    const answer: RequestCapsAnswer = {
      roles: caps.roles.map(({ name, description, held }) => ({
        name,
        ...(description !== undefined && { description }),
        held,
      })),
      apps: caps.apps.map(({ app: { name, preset }, held }) => ({
        name,
        title: preset === identityCenterPreset ? 'AWS IAM Identity Center' : name,
        held,
      })),
      assignments: caps.assignments,
      maxDuration: formatDuration(caps.maxDurationMs),
      reasonRequired: caps.reasonRequired,
      prompts: [...caps.prompts],
    }
    return json(answer)
  },
})
