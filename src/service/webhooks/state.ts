/**
 * @module What is kept of a webhook beside its document: its secrets, sealed, and whether its receiver said that it is
 * gone. One note for each, written in the transaction of what changes it, gone with the webhook.
 */
import { z } from 'zod'
import { day, type Instant } from '../../core/time.js'
import type { Sealer } from '../../keys/keys.js'
import type { Random } from '../../lib/random.js'
import type { NoteStore } from '../../store/store.js'

const secretForm = z.object({
  id: z.string(),
  sealed: z.string(),
  createdAt: z.number(),
  createdBy: z.string(),
  /** Signs until then; undefined for the one that was made last. */
  endsAt: z.number().optional(),
})
export type KeptSecret = z.infer<typeof secretForm>

const stateForm = z.object({
  /** The newest first. */
  secrets: z.array(secretForm),
  /** When the receiver answered that nothing is to be sent there any more. */
  goneAt: z.number().optional(),
})
export type WebhookState = z.infer<typeof stateForm>

/** How long the secret before the last one signs too, so that receivers can be given the new one without a gap. */
export const overlapMs = day

/** A webhook that has nothing kept yet has no secret. */
export async function readWebhookState(notes: Pick<NoteStore, 'find'>, name: string): Promise<WebhookState> {
  const found = await notes.find(noteName(name))
  return found === undefined ? { secrets: [] } : stateForm.parse(found)
}

export async function writeWebhookState(
  notes: Pick<NoteStore, 'put'>,
  name: string,
  state: WebhookState,
): Promise<void> {
  await notes.put(noteName(name), state)
}

export async function deleteWebhookState(notes: Pick<NoteStore, 'delete'>, name: string): Promise<void> {
  await notes.delete(noteName(name))
}

/** Those that sign at `now`, the newest first. */
export function signingSecrets({ secrets }: WebhookState, now: Instant): KeptSecret[] {
  return secrets.filter(({ endsAt }) => endsAt === undefined || now < endsAt)
}

export interface MadeSecret {
  /** For whoever asked, and for nobody else. */
  readonly secret: string
  readonly kept: KeptSecret
}

/** A new secret in the form of the standard: `whsec_` and base64 of 256 random bits. */
export async function makeWebhookSecret(
  { random, sealer }: { readonly random: Random; readonly sealer: Pick<Sealer, 'seal'> },
  name: string,
  { by, now }: { readonly by: string; readonly now: Instant },
): Promise<MadeSecret> {
  const secret = `whsec_${random.bytes(32).toString('base64')}`
  const id = random.uuid()
  const sealed = await sealer.seal(secret, secretContext(name, id))
  return { secret, kept: { id, sealed, createdAt: now, createdBy: by } }
}

/** The state with this secret; the one before signs on for a while, older ones no more. */
export function withSecret(state: WebhookState, kept: KeptSecret, now: Instant): WebhookState {
  const [last] = state.secrets
  return { ...state, secrets: last === undefined ? [kept] : [kept, { ...last, endsAt: now + overlapMs }] }
}

/** What is bound into a sealed secret, so that a note moved to another webhook does not open. */
export function secretContext(name: string, id: string): string {
  return `webhook secret ${name} ${id}`
}

function noteName(name: string): string {
  return `webhook ${name}`
}
