/**
 * @module Audit records in batches to a webhook of the configuration, signed as all webhooks are. A batch that comes again
 * has the same id and the same body, so receivers can tell that they know it. Any status but 200 to 299 is asked again for
 * ever, 410 too: it is the configuration that says where the log goes.
 */
import { createHash } from 'node:crypto'
import { formatInstant } from '../../core/time.js'
import { SinkError, type SinkRecord } from './sink.js'

/** Posts one message; what `notify/webhook-sender.ts` does. */
export type PostBatch = (
  message: { readonly id: string; readonly body: string },
  signal: AbortSignal,
) => Promise<{ readonly outcome: 'sent' } | { readonly outcome: 'gone' | 'failed'; readonly error: string }>

export async function sendBatch(
  { post, clusterName, format }: { post: PostBatch; clusterName: string; format: string },
  records: readonly SinkRecord[],
  signal: AbortSignal,
): Promise<void> {
  const body = batchBody({ clusterName, format }, records)
  const digest = createHash('sha256').update(body, 'utf8').digest('base64url')
  const answer = await post({ id: `audit_${digest.slice(0, 32)}`, body }, signal)
  if (answer.outcome !== 'sent') throw new SinkError(answer.error)
}

/** JSON in which each event stands as the text that it has in the sink's format. */
function batchBody(about: { clusterName: string; format: string }, records: readonly SinkRecord[]): string {
  const items = records.map(({ kind, sequence, hash, text }) =>
    kind === 'head'
      ? `{"head":${text}}`
      : `{"sequence":${sequence},"hash":${JSON.stringify(hash)},"event":${jsonOrText(text)}}`,
  )
  // The time of its records, not of the attempt: the body of a batch that comes again is the same.
  const timestamp = JSON.stringify(formatInstant(Math.max(...records.map(({ at }) => at))))
  const data = `"cluster_name":${JSON.stringify(about.clusterName)},"format":${JSON.stringify(about.format)}`
  return `{"type":"audit.records","timestamp":${timestamp},"data":{${data},"records":[${items.join(',')}]}}`
}

/** What somebody wrote past the gateway may be no JSON; then it is a text in it. */
function jsonOrText(text: string): string {
  try {
    JSON.parse(text)
    return text
  } catch {
    return JSON.stringify(text)
  }
}
