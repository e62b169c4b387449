/**
 * @module What the kinds of connectors have in common: their names, which are parts of addresses and unique over all
 * kinds, the lines that give roles, and how the client secret gets out of the document.
 */
import { z } from 'zod'
import { listSchema, textSchema } from '../../api/resource/field-schemas.js'
import { readField, readText, readTexts, reportThrown } from '../../api/resource/fields.js'
import { resourceError, type ResourceProblem } from '../../api/resource/parse.js'
import { connectorKinds, type ConnectorKind } from '../../core/connector/connector.js'
import { assertMappingValue } from '../../core/connector/map-roles.js'
import { isLoopbackUrl } from '../../core/webhook/webhook.js'
import type { Sealer } from '../../keys/keys.js'
import { findClientSecretId, keepClientSecret } from '../../service/connectors/client-secret.js'
import type { CatalogView } from '../../service/resources/catalog-view.js'
import type { ResourceDocument } from '../../service/resources/kind.js'
import { isMap } from '../../service/resources/present.js'
import type { StoreTransaction } from '../../store/store.js'

/** The name stands in addresses that are registered at the upstream. */
export function findConnectorNameProblem(name: string): string | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(name)) return undefined
  return 'must have at most 60 letters, digits, dots, dashes and underscores, and begin with a letter or digit'
}

/** One line of text for people, such as the words on the button. */
export const displayText = readField(
  (value, report): string => {
    const written = readText(value, report)
    if (written.length > 60) report('must have at most 60 characters')
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(written)) report('must be one line without invisible characters')
    return written
  },
  textSchema({ maxLength: 60 }),
)

/** Text of bounded length without control characters; not empty. */
export function boundedText(maxLength: number) {
  return readField(
    (value, report): string => {
      const written = readText(value, report)
      if (written === '') report('must not be empty')
      if (written.length > maxLength) report(`must have at most ${maxLength} characters`)
      if (/\p{C}/u.test(written)) report('must not contain control or invisible characters')
      return written
    },
    textSchema({ minLength: 1, maxLength }),
  )
}

/** Names of roles; what a value took may be filled in. */
export const mappedRoleNames = readField(
  (value, report): string[] => {
    const names = [...new Set(readTexts(value, report))]
    if (names.length === 0) report('names no role; without one the line gives nothing')
    for (const [index, name] of names.entries()) {
      if (name === '') report('the name of a role is empty', index)
      else if (name.length > 400) report('must have at most 400 characters', index)
    }
    return names
  },
  listSchema(textSchema({ minLength: 1, maxLength: 400 })),
)

/** A literal, a glob or a `^regex$`. */
export const mappedValue = readField(
  (value, report): string => {
    const written = readText(value, report)
    reportThrown((field) => assertMappingValue(written, field), report)
    return written
  },
  textSchema({ minLength: 1 }),
)

/** `claims_to_roles`, as the role kind has it for requests. */
export const claimsToRoles = z.array(
  z.strictObject({
    claim: boundedText(200).describe('Name of a claim, or of a trait that a login rule makes of it'),
    value: mappedValue.describe('A text, a pattern with *, or a ^regular expression$'),
    roles: mappedRoleNames.describe('What whoever has it gets; $1 is what the first * or group took'),
  }),
)

/** As it is written, and never shown. */
export const clientSecret = boundedText(2000)

/** Why nothing can be sent to this address, if so: https, or http on this machine for a gateway that is there itself. */
export function findEndpointProblem(text: string, allowHttpLoopback: boolean): string | undefined {
  if (text.length > 500) return 'must have at most 500 characters'
  if (!URL.canParse(text)) return 'is no URL; write for example https://login.example.com'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'must hold no user and no password'
  if (url.hash !== '' || url.search !== '') return 'must have no query and no fragment'
  if (url.protocol === 'https:') return undefined
  if (url.protocol !== 'http:' || !isLoopbackUrl(url)) return 'must begin with https://'
  return allowHttpLoopback
    ? undefined
    : 'leads to this machine itself, which only a gateway that is reached on this machine may use'
}

/**
 * A user remembers the name of its connector alone.
 * @throws GatewayError `INVALID_RESOURCE`.
 */
export function assertOnlyConnector(
  document: ResourceDocument,
  kind: ConnectorKind,
  catalog: CatalogView,
): void {
  const { name } = document.metadata
  const other = connectorKinds.find((one) => one !== kind && catalog.parsed(one).has(name))
  if (other === undefined) return
  const message = `there is a connector "${name}" of kind ${other} already, and users know their connector by its name alone; choose another name`
  throw resourceError(kind, document, [{ path: 'metadata.name', message }])
}

/**
 * Takes the secret out of the document and keeps it sealed; the document gets its id. Without one the secret that is
 * kept goes on, unless it would be sent somewhere else than it was given for (T15).
 * @throws GatewayError `INVALID_RESOURCE`.
 */
export async function withSealedSecret(
  document: ResourceDocument,
  given: {
    readonly kind: ConnectorKind
    readonly sealer: Sealer
    readonly newId: string
    readonly tx: Pick<StoreTransaction, 'notes'>
    /** Where the secret would be sent is not where it was. */
    readonly movesTo: string | undefined
  },
): Promise<ResourceDocument> {
  const { kind, sealer, newId, tx, movesTo } = given
  const of = { kind, name: document.metadata.name }
  const {
    client_secret: secret,
    client_secret_id: namedId,
    ...spec
  } = isMap(document['spec']) ? document['spec'] : {}
  const refuse = (path: string, message: string): never => {
    const problems: ResourceProblem[] = [{ path, message }]
    throw resourceError(kind, document, problems)
  }
  if (typeof secret === 'string') {
    const id = await keepClientSecret(tx.notes, sealer, of, { secret, newId })
    return { ...document, spec: { ...spec, client_secret_id: id } }
  }
  const id = await findClientSecretId(tx.notes, of)
  if (id === undefined)
    return refuse('spec.client_secret', 'is missing; the upstream shows it with the client ID')
  if (movesTo !== undefined) {
    return refuse(
      'spec.client_secret',
      `give the secret again: it was given for another address than ${movesTo}`,
    )
  }
  if (namedId !== undefined && namedId !== id) {
    return refuse('spec.client_secret_id', 'is that of another secret; leave it out, or give client_secret')
  }
  return { ...document, spec: { ...spec, client_secret_id: id } }
}
