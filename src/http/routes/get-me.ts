/** @module `GET /v1/me`: a person's own roles, traits and ways to sign in. */
import { meAnswer, paths, type MeAnswer } from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { findRoleSources } from '../../service/people/role-sources.js'
import { describeOwnSettings } from '../../service/people/own-settings.js'
import { isRecovering } from '../../service/people/prove-self.js'
import { toFactorAnswer } from '../factor-answer.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const getMe = route({
  method: 'get',
  path: paths.me,
  right: 'session',
  summary: "One's own name, roles, traits and ways to sign in",
  answer: { kind: 'json', schema: meAnswer },
  handler: async ({ deps, actor }) => {
    const catalog = await deps.catalog.read()
    const user = catalog.withRoleNames(personOf(actor).user)
    const { factors, offers, passwordChangedAt, recoveryCodes } = await describeOwnSettings(deps, user.name)
    const answer: MeAnswer = {
      name: user.name,
      roles: [...user.roles],
      roleSources: await findRoleSources(deps.store.members, catalog, user, deps.clock.now()),
      traits: Object.fromEntries(Object.entries(user.traits).map(([name, values]) => [name, [...values]])),
      factors: factors.map(toFactorAnswer),
      factorKinds: offers.map((kind) => (kind === 'otp' ? 'totp' : 'passkey')),
      ...(recoveryCodes && {
        recoveryCodes: { left: recoveryCodes.left, createdAt: formatInstant(recoveryCodes.createdAt) },
      }),
      ...(isRecovering(personOf(actor), deps.clock.now()) && { recovering: true }),
      ...(passwordChangedAt !== undefined && { passwordChangedAt: formatInstant(passwordChangedAt) }),
    }
    return json(answer)
  },
})
