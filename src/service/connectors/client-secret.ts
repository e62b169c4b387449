/**
 * @module The client secret by which we sign in at an upstream: sealed in a note, never in the document of the connector,
 * never shown. The document names the secret by an id, so that a new one is a change that the log tells.
 */
import { z } from 'zod'
import { GatewayError } from '../../core/error.js'
import type { ConnectorKind } from '../../core/connector/connector.js'
import type { Sealer } from '../../keys/keys.js'
import type { NoteStore } from '../../store/store.js'

const noteForm = z.object({ id: z.string(), sealed: z.string() })

interface OfConnector {
  readonly kind: ConnectorKind
  readonly name: string
}

/** Undefined where none is kept. */
export async function findClientSecretId(
  notes: Pick<NoteStore, 'find'>,
  of: OfConnector,
): Promise<string | undefined> {
  const found = await notes.find(noteName(of))
  return found === undefined ? undefined : noteForm.parse(found).id
}

/** Keeps the secret in place of the one before; answers its id, which stays where the secret is the same. */
export async function keepClientSecret(
  notes: Pick<NoteStore, 'find' | 'put'>,
  sealer: Sealer,
  of: OfConnector,
  { secret, newId }: { readonly secret: string; readonly newId: string },
): Promise<string> {
  const found = await notes.find(noteName(of))
  if (found !== undefined) {
    const { id, sealed } = noteForm.parse(found)
    if ((await sealer.unseal(sealed, sealContext(of, id))) === secret) return id
  }
  await notes.put(noteName(of), { id: newId, sealed: await sealer.seal(secret, sealContext(of, newId)) })
  return newId
}

/** @throws GatewayError `CONNECTOR_FAILED` where none is kept. */
export async function openClientSecret(
  notes: Pick<NoteStore, 'find'>,
  sealer: Pick<Sealer, 'unseal'>,
  of: OfConnector,
): Promise<string> {
  const found = await notes.find(noteName(of))
  if (found === undefined) {
    throw new GatewayError('CONNECTOR_FAILED', `the connector "${of.name}" has no client secret; give it one`)
  }
  const { id, sealed } = noteForm.parse(found)
  return await sealer.unseal(sealed, sealContext(of, id))
}

export async function forgetClientSecret(notes: Pick<NoteStore, 'delete'>, of: OfConnector): Promise<void> {
  await notes.delete(noteName(of))
}

function noteName({ kind, name }: OfConnector): string {
  return `connector ${kind} ${name}`
}

function sealContext({ kind, name }: OfConnector, id: string): string {
  return `connector secret ${kind} ${name} ${id}`
}
