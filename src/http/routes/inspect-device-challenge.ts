/** @module `POST /v1/device-challenges/inspect`: what the command line of a device shows before it asks its person. */
import {
  challengeInspectAnswer,
  challengeInspectRequest,
  paths,
  type ChallengeInspectAnswer,
} from '../../api/contract.js'
import { formatInstant } from '../../core/time.js'
import { inspectChallenge } from '../../service/devices/vouch.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const inspectDeviceChallenge = route({
  method: 'post',
  path: paths.deviceChallengeInspect,
  right: 'session',
  summary: 'Which sign-in of one waits for this device',
  answer: { kind: 'json', schema: challengeInspectAnswer },
  body: challengeInspectRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const challenge = await inspectChallenge(deps, body.key, personOf(actor), origin)
    const answer: ChallengeInspectAnswer = {
      gateway: deps.publicUrl,
      user: challenge.user,
      serviceProvider: challenge.serviceProvider,
      nonce: challenge.nonce,
      signIn: challenge.handleHash,
      session: challenge.sessionId,
      application: challenge.entityId,
      address: challenge.address,
      userAgent: challenge.userAgent,
      isSameAddress: challenge.isSameAddress,
      startedAt: formatInstant(challenge.createdAt),
      expiresAt: formatInstant(challenge.expiresAt),
    }
    return json(answer)
  },
})
