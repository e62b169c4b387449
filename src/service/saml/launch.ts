/**
 * @module IdP-initiated sign-in: a person starts from a tile. Allowed at once where nothing has to be asked;
 * otherwise a pending sign-in is kept and goes the same way as one that a service provider started.
 */
import { GatewayError } from '../../core/error.js'
import { chooseAcs } from '../../core/saml/acs.js'
import { personAt } from '../access-requests/assumed.js'
import type { RequestOrigin } from '../context.js'
import { couldVouch, findDeviceProof } from '../devices/find-proof.js'
import { limitAddress } from '../people/limits.js'
import type { SignedIn } from './continue-sign-in.js'
import { auditFaults, type SignInSubject } from './audit-faults.js'
import { decideSignIn, hardwareKeyOf } from './decide-sign-in.js'
import type { SamlDeps, SignInStep } from './deps.js'
import { issueResponse } from './issue-response.js'
import { keepSignIn } from './keep-sign-in.js'
import { refuse } from './refuse.js'

/** @throws GatewayError `NOT_FOUND`, `INVALID_METADATA`. */
export async function launch(
  deps: SamlDeps,
  name: string,
  signedIn: SignedIn | undefined,
  origin: RequestOrigin,
): Promise<SignInStep> {
  const subject: SignInSubject = { user: signedIn?.user.name }
  return await auditFaults(
    deps,
    origin,
    subject,
    async () => await begin(deps, name, signedIn, origin, subject),
  )
}

async function begin(
  deps: SamlDeps,
  name: string,
  signedIn: SignedIn | undefined,
  origin: RequestOrigin,
  subject: SignInSubject,
): Promise<SignInStep> {
  const catalog = await deps.catalog.read()
  const sp = catalog.serviceProviderByName(name)
  if (sp === undefined) {
    throw new GatewayError('NOT_FOUND', `no application named "${name.slice(0, 100)}" is registered here`)
  }
  subject.entityId = sp.entityId
  subject.serviceProvider = sp.name
  const acs = chooseAcs(sp, {})
  if (!acs.ok) throw new GatewayError('INVALID_METADATA', `${sp.name}: ${acs.because}`)

  const keep = async (): Promise<string> => {
    await limitAddress(deps, 'saml', origin.address)
    return await keepSignIn(deps, {
      initiatedBy: 'idp',
      serviceProvider: sp.name,
      entityId: sp.entityId,
      requestId: undefined,
      acsUrl: acs.url,
      relayState: undefined,
      forceAuthn: false,
      isPassive: false,
      nameIdFormat: undefined,
      asksSecondFactor: false,
    })
  }

  if (signedIn === undefined) return { step: 'sign_in', handle: await keep(), reauthenticate: false }
  const { session } = signedIn
  const user = personAt(signedIn, sp.name)
  const device = await findDeviceProof(deps, catalog, { user: user.name, sessionId: session.id, origin })
  const decision = decideSignIn(catalog, user, sp, {
    mfa: 'none',
    device,
    ...(await hardwareKeyOf(deps.store, catalog, user.name)),
    session: session.id,
    now: deps.clock.now(),
  })
  switch (decision.effect) {
    case 'deny':
      if (await couldVouch(deps, catalog, user.name, decision))
        return { step: 'device', handle: await keep() }
      return {
        step: 'refused',
        refusal: await refuse(deps, { decision, user, serviceProvider: sp, origin, device }),
      }
    case 'step_up':
      return { step: 'step_up', handle: await keep() }
    case 'allow':
      if (await couldVouch(deps, catalog, user.name, decision))
        return { step: 'device', handle: await keep() }
      return await issueResponse(deps, {
        decision,
        user,
        session,
        serviceProvider: sp,
        origin,
        acsUrl: acs.url,
        device,
      })
  }
}
