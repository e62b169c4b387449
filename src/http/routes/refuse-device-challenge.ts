/** @module `POST /v1/device-challenges/refuse`: the person at the device says that it is not them. */
import { challengeInspectRequest, paths } from '../../api/contract.js'
import { refuseChallenge } from '../../service/devices/vouch.js'
import { personOf } from '../person.js'
import { route } from '../route.js'

export const refuseDeviceChallenge = route({
  method: 'post',
  path: paths.deviceChallengeRefuse,
  right: 'session',
  summary: 'Refuses to vouch for a sign-in of one',
  answer: { kind: 'empty' },
  body: challengeInspectRequest,
  handler: async ({ deps, body, actor, origin }) => {
    await refuseChallenge(deps, body.key, personOf(actor), origin)
    return { kind: 'empty' }
  },
})
