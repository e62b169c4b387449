/** @module The YAML form of a webhook (v1): where it goes and what it is told. The secret is no part of the document. */
import { z } from 'zod'
import { listSchema, textSchema, wordSchema } from '../../api/resource/field-schemas.js'
import {
  flag,
  metadataSchema,
  optionalSection,
  readField,
  readText,
  readTexts,
  storedMetadata,
} from '../../api/resource/fields.js'
import {
  findAt,
  parseWith,
  toPlain,
  type ParsedDocument,
  type ResourceProblem,
} from '../../api/resource/parse.js'
import { suggest } from '../../core/nearest.js'
import { findWebhookUrlProblem, webhookEvents, type Webhook } from '../../core/webhook/webhook.js'
import { findItemsProblems, itemsSection, readItems } from '../shared/item-patterns.js'

const maxUrl = 2000

const url = readField(
  (value, report): string => {
    const written = readText(value, report)
    const problem = written.length > maxUrl ? `must have at most ${maxUrl} characters` : undefined
    const found = problem ?? findWebhookUrlProblem(written)
    if (found !== undefined) report(found)
    return found === undefined ? new URL(written).href : written
  },
  textSchema({ minLength: 1, maxLength: maxUrl }),
)

const events = readField(
  (value, report) => {
    const written = readTexts(value, report)
    if (written.length === 0) report('names no event; leave it out for all of them')
    const known = written.flatMap((one, place) => {
      const event = webhookEvents.find((some) => some === one)
      if (event === undefined) {
        const given = one.slice(0, 60)
        report(
          `"${given}" is no event; there are ${webhookEvents.join(', ')}${suggest(given, webhookEvents)}`,
          place,
        )
      }
      return event ?? []
    })
    // In the order of the list, so that the same choice is the same document.
    return webhookEvents.filter((event) => known.includes(event))
  },
  listSchema(wordSchema(webhookEvents)),
)

/** What authors may write. */
export const webhookForm = z.strictObject({
  kind: z.literal('webhook').describe('The kind of this document'),
  version: z.literal('v1').describe('The version of its form'),
  metadata: metadataSchema(findWebhookNameProblem),
  spec: z
    .strictObject({
      url: url.describe('Where messages are posted: https, or http on this machine itself'),
      events: optionalSection(events.optional()).describe('What it is told of; everything where left out'),
      items: optionalSection(itemsSection.optional()).describe(
        'Of which requests it is told: those for any of these; of all where left out',
      ),
      allow_private_network: optionalSection(flag.optional()).describe(
        'Whether the address may be one of a private network; link-local addresses are never reached',
      ),
      disabled: optionalSection(flag.optional()).describe('Sends nothing while it is true'),
    })
    .describe('Where it goes and what it is told'),
})

/** As stored. */
export type WebhookDocument = {
  readonly kind: 'webhook'
  readonly version: 'v1'
  readonly metadata: ReturnType<typeof storedMetadata>
  readonly spec: {
    readonly url: string
    readonly events?: Webhook['events']
    readonly items?: z.output<typeof itemsSection> | undefined
    readonly allow_private_network?: boolean | undefined
    readonly disabled?: boolean | undefined
  }
}

/** The name stands in addresses and in the keys of its messages. */
function findWebhookNameProblem(name: string): string | undefined {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(name)) return undefined
  return 'must have at most 60 letters, digits, dots, dashes and underscores, and begin with a letter or digit'
}

/** @throws GatewayError `INVALID_RESOURCE` with every problem. */
export function parseWebhookDocument(
  input: unknown,
  source?: string,
): ParsedDocument<WebhookDocument, Webhook> {
  const { metadata, spec } = parseWith(webhookForm, 'webhook', input, source, findProblems)
  return {
    document: {
      kind: 'webhook',
      version: 'v1',
      metadata: storedMetadata(metadata),
      spec: {
        url: spec.url,
        ...toPlain({
          events: spec.events ?? undefined,
          items: spec.items ?? undefined,
          allow_private_network: spec.allow_private_network ?? undefined,
          disabled: spec.disabled ?? undefined,
        }),
      },
    },
    value: {
      name: metadata.name,
      url: spec.url,
      events: spec.events ?? undefined,
      items: spec.items ? readItems(spec.items) : undefined,
      allowsPrivateNetwork: spec.allow_private_network ?? false,
      isDisabled: spec.disabled ?? false,
    },
    ignored: [],
    revision: metadata.revision,
  }
}

function findProblems(input: unknown): ResourceProblem[] {
  const items = findAt(input, ['spec', 'items'])
  return items === undefined || items === null ? [] : findItemsProblems(input, 'the webhook')
}
