/**
 * @module What the editor needs to know of a document's text, without parsing it: the revision is kept beside the
 * text and not in it, so that what a person reads and sends is their own words only.
 */

/** A document as it is stored. */
export interface Stored {
  readonly revision: string
  /** As people edit it, without revision. */
  readonly text: string
}

/** Takes `metadata.revision` out of YAML that the gateway wrote, where it stands on a line of its own. */
export function withoutRevision(yaml: string): string {
  const lines = yaml.split('\n')
  const metadata = lines.indexOf('metadata:')
  if (metadata < 0) return yaml
  const length = lines.slice(metadata + 1).findIndex((line) => /^\S/.test(line))
  const end = length < 0 ? lines.length : metadata + 1 + length
  return lines.filter((line, at) => at <= metadata || at >= end || !/^ {2}revision: /.test(line)).join('\n')
}

export function toStored(answer: { readonly revision: string; readonly yaml: string }): Stored {
  return { revision: answer.revision, text: withoutRevision(answer.yaml) }
}

/** Whether the name stands there and is empty, as in a text that somebody has just begun. */
export function isUnnamed(yaml: string): boolean {
  return /^ {2}name: *(?:""|'')? *$/m.test(yaml)
}
