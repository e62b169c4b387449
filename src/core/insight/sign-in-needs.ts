/**
 * @module What somebody has to prove at an application, and whether it opens for them at all: the decision of a sign-in,
 * asked for a session that has proved everything, and then for what each proof is worth.
 */
import { needsHardware } from '../mfa/strength.js'
import { decideSamlAccess, type SamlAccessInput, type SamlDecision } from '../role/saml-access.js'

export const signInConditions = ['second_factor', 'hardware_key', 'trusted_device'] as const
export type SignInCondition = (typeof signInConditions)[number]

export interface SignInNeeds {
  /** With every proof that may be asked for. */
  readonly opens: boolean
  readonly needs: readonly SignInCondition[]
  /** Names of the roles that open it. */
  readonly roles: readonly string[]
  /** Why it does not open, in one sentence. */
  readonly says: string | undefined
}

type Asked = Omit<SamlAccessInput, 'session'>

/** Whether it opens with every proof, and by which roles: the cheap part, for everybody. */
export function opensFor(input: Asked): Omit<SignInNeeds, 'needs'> {
  const decision = decideSamlAccess({ ...input, session: proven })
  if (decision.effect === 'deny') return { opens: false, roles: [], says: firstReason(decision) }
  const roles = decision.reasons.flatMap(({ role, effect }) =>
    role !== undefined && effect === 'allow' ? [role] : [],
  )
  return { opens: true, roles: [...new Set(roles)], says: undefined }
}

const proven = { mfa: 'hardware_key_pin', hardwareKey: true, device: 'trusted' } as const

export function signInNeeds(input: Asked): SignInNeeds {
  const open = opensFor(input)
  if (!open.opens) return { ...open, needs: [] }
  const withoutDevice = decideSamlAccess({ ...input, session: { ...proven, device: 'none' } })
  const withoutFactor = decideSamlAccess({ ...input, session: { ...proven, mfa: 'none' } })
  const needs: SignInCondition[] = []
  if (withoutFactor.effect === 'step_up') {
    needs.push(needsHardware(withoutFactor.need) ? 'hardware_key' : 'second_factor')
  }
  if (withoutDevice.effect === 'deny' && withoutDevice.because === 'device_untrusted') {
    needs.push('trusted_device')
  }
  return { ...open, needs }
}

function firstReason({ reasons }: SamlDecision): string {
  return reasons[0]?.says ?? 'No role says anything of it.'
}
