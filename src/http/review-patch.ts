/** @module What to do elsewhere after the review of a list that is managed there, as a text for people and tools. */
import { writeYaml } from '../api/resource/yaml.js'
import { memberDocument, memberDocumentName } from '../core/access-list/member-document.js'
import { removalPatch } from '../core/access-list/removal-patch.js'
import type { SubmittedReview } from '../service/access-lists/reviews/submit-review.js'

/** Undefined where there is nothing to do. */
export function reviewPatch(list: string, { removeElsewhere, answer }: SubmittedReview): string | undefined {
  if (removeElsewhere === undefined) return undefined
  const { source, members } = removeElsewhere
  const review = `Review ${answer.id === undefined ? '' : `${answer.id} `}of access list ${list}`
  if (source === 'directory') {
    const names = members.map(({ kind, name }) => (kind === 'user' ? name : `access list ${name}`))
    return `# ${review}: take out of its group in the directory:\n${names.map((name) => `${name}\n`).join('')}`
  }
  const heading = [
    `${review}: documents of members to remove.`,
    'Once they are gone from where they are kept, remove them here, too:',
    ...members.map(
      (member) => `  gatehouse rm ${quoted(`access_list_member/${memberDocumentName(member)}`)}`,
    ),
  ]
  return removalPatch(
    heading,
    members.map((member) => ({
      path: ['access_list_member', list, ...(member.kind === 'list' ? ['list'] : []), `${member.name}.yaml`],
      text: writeYaml(memberDocument(withoutKnown(member))),
    })),
  )
}

/** As one word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** As its author wrote it: when and by whom it was added the gateway alone says. */
function withoutKnown({ list, kind, name, expiresAt, reason }: Parameters<typeof memberDocument>[0]) {
  return { list, kind, name, expiresAt, reason }
}
