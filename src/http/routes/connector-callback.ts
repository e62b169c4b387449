/** @module `GET /v1/connectors/callback/oidc/:name` and `.../github/:name`: the answer of an upstream. */
import { paths } from '../../api/contract.js'
import { finishSignIn } from '../../service/connectors/finish-sign-in.js'
import { finishedAnswer } from '../connector-answer.js'
import { route } from '../route.js'

const callback = (kind: 'oidc' | 'github', path: string, summary: string) =>
  route({
    method: 'get',
    path,
    right: 'public',
    summary,
    answer: { kind: 'browser' },
    getOnly: true,
    handler: async ({ deps, params, rawQuery, sessionToken, connectorBinding, origin }) => {
      const name = params['name'] ?? ''
      const input = { kind, name, query: rawQuery, browser: connectorBinding, previousToken: sessionToken }
      return finishedAnswer(await finishSignIn(deps, input, origin))
    },
  })

export const oidcCallback = callback(
  'oidc',
  paths.oidcCallback,
  'Where an OpenID Connect provider sends people back to; the session cookie goes with the answer',
)

export const githubCallback = callback(
  'github',
  paths.githubCallback,
  'Where GitHub sends people back to; the session cookie goes with the answer',
)
