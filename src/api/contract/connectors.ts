/** @module Connectors: the buttons of the sign-in page, and tests. */
import { z } from 'zod'

/** A connector as anybody sees it on the sign-in page. */
export const connectorButton = z.object({
  name: z.string(),
  kind: z.enum(['oidc', 'saml', 'github']),
  display: z.string(),
})
export type ConnectorButton = z.infer<typeof connectorButton>

const traits = z.record(z.string(), z.array(z.string()))

/** `url`: open it in a browser in which the same person is signed in. */
export const connectorTestStarted = z.object({ id: z.string(), url: z.string() })
export type ConnectorTestStarted = z.infer<typeof connectorTestStarted>

const bindsBy = z.enum(['name', 'external_id'])

export const connectorTestReport = z.object({
  verdict: z.object({
    effect: z.enum(['sign_in', 'refuse']),
    user: z.string().optional(),
    how: z.enum(['made', 'bound', 'known']).optional(),
    bindsBy: bindsBy.optional(),
    why: z.string().optional(),
  }),
  pushedUsersBy: bindsBy.optional(),
  identity: z
    .object({
      username: z.string(),
      subject: z.string(),
      authentication: z.string().optional(),
      claims: traits,
    })
    .optional(),
  rules: z.array(z.object({ name: z.string(), priority: z.number(), traits })),
  lines: z.array(
    z.object({
      claim: z.string(),
      value: z.string(),
      matched: z.array(z.string()),
      given: z.array(z.string()),
    }),
  ),
  unknownRoles: z.array(z.string()),
  roles: z.array(z.string()),
  traits,
})
export type ConnectorTestReport = z.infer<typeof connectorTestReport>

/** `open`: no browser went there yet. `begun`: at the upstream. */
export const connectorTestAnswer = z.object({
  state: z.enum(['open', 'begun', 'done']),
  report: connectorTestReport.optional(),
})
export type ConnectorTestAnswer = z.infer<typeof connectorTestAnswer>
