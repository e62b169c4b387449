/** @module `POST /v1/tokens/:name/rotate`: a new secret for a machine user, shown in this one answer. */
import { paths, tokenRotateAnswer } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { rotateToken as rotate } from '../../service/tokens/rotate-token.js'
import { authorityOf } from '../person.js'
import { json, route } from '../route.js'

export const rotateToken = route({
  method: 'post',
  path: paths.tokenRotate,
  right: { resource: 'token', verb: 'rotate' },
  scoped: true,
  summary: 'Makes a new secret for a machine user; the old one is worth nothing at once',
  answer: { kind: 'json', schema: tokenRotateAnswer },
  handler: async ({ deps, params, actor, origin }) => {
    const { expiresAt, ...rotated } = await rotate(deps, params.name ?? '', authorityOf(actor), origin)
    return json({ ...rotated, expiresAt: formatInstant(expiresAt) })
  },
})
