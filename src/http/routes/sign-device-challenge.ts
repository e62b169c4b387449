/** @module `POST /v1/device-challenges/sign`: a device vouches for a sign-in of its person. */
import { challengeSignAnswer, challengeSignRequest, paths } from '../../api/contract.js'
import { signChallenge } from '../../service/devices/vouch.js'
import { personOf } from '../person.js'
import { json, route } from '../route.js'

export const signDeviceChallenge = route({
  method: 'post',
  path: paths.deviceChallengeSign,
  right: 'session',
  summary: 'Vouches for a sign-in of one with the key of this device',
  answer: { kind: 'json', schema: challengeSignAnswer },
  body: challengeSignRequest,
  handler: async ({ deps, body, actor, origin }) => {
    const completion = await signChallenge(deps, body, personOf(actor), origin)
    return json(completion === undefined ? {} : { completion })
  },
})
