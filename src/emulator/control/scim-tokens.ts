/**
 * @module `/_emulator/scim/tokens`: the console's "generate token" and "delete". A token is shown when it is made and
 * never again.
 */
import type { Router } from 'express'
import { z } from 'zod'
import { formatTime, type EmulatorContext } from '../context.js'
import { createToken, deleteToken, scimEndpoint } from '../scim/tokens.js'
import type { ScimToken } from '../state/scim-token.js'
import { json, parseBody } from './body.js'

const yearSeconds = 365 * 86_400
const NewToken = z.strictObject({
  expiresInSeconds: z.number().positive().max(yearSeconds).default(yearSeconds),
})

interface TokenLine {
  readonly id: string
  readonly createdAt: string
  readonly expiresAt: string
}

export interface ScimDescription {
  readonly endpoint: string
  readonly tokens: readonly TokenLine[]
}

/** Where SCIM is, and the tokens without what they are. */
export function describeScim(context: EmulatorContext): ScimDescription {
  const tokens = context.state.tables.scimTokens.rows().map(describeToken)
  return { endpoint: scimEndpoint(context), tokens }
}

export function mountScimTokens(router: Router, context: EmulatorContext): void {
  router.get('/_emulator/scim/tokens', (_req, res) => {
    res.json(describeScim(context))
  })
  router.post('/_emulator/scim/tokens', json, (req, res) => {
    const { expiresInSeconds } = parseBody(NewToken, req.body)
    const { row, token } = createToken(context, Math.round(expiresInSeconds * 1000))
    res.status(201).json({ ...describeToken(row), token, endpoint: scimEndpoint(context) })
  })
  router.delete('/_emulator/scim/tokens/:id', (req, res) => {
    deleteToken(context, req.params.id)
    res.status(204).end()
  })
}

function describeToken({ id, createdAt, expiresAt }: ScimToken): TokenLine {
  return { id, createdAt: formatTime(createdAt), expiresAt: formatTime(expiresAt) }
}
