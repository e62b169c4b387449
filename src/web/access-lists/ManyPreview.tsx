/** @module What adding many would do: who comes in, whose name nobody has, and what is refused, each with its line. */
import { Button, Group, Text } from '@mantine/core'
import type { ChangeMembersAnswer } from '../../api/contract/access-lists.js'
import { memberChangeWords } from '../ui/access-list-words.js'

interface ManyPreviewProps {
  answer: ChangeMembersAnswer
  /** Undefined where there is no text to mend. */
  onReplace: ((wrong: string, right: string) => void) | undefined
}

const shown = 100

export function ManyPreview({ answer, onReplace }: ManyPreviewProps) {
  const { added, updated, alreadyIn, unknown, refused, notes } = answer
  const facts = [
    `${added.length.toLocaleString('en')} to add`,
    ...(updated.length > 0 ? [`${updated.length.toLocaleString('en')} to change`] : []),
    ...(alreadyIn.length > 0 ? [`${alreadyIn.length.toLocaleString('en')} in it already`] : []),
    ...(unknown.length > 0 ? [`${unknown.length.toLocaleString('en')} unknown`] : []),
    ...(refused.length > 0 ? [`${refused.length.toLocaleString('en')} refused`] : []),
  ]
  return (
    <section aria-label="What would happen" className="gh-many">
      <Text fw={600} role="status">
        {facts.join(' · ')}
      </Text>
      {unknown.length > 0 ? (
        <>
          <Text size="sm" mt={6}>
            {unknown.length === 1
              ? 'No user has this name; it is left out:'
              : 'No user has these names; they are left out:'}
          </Text>
          <ul className="gh-rows gh-held" aria-label="Unknown names">
            {unknown.slice(0, shown).map(({ line, name, suggestions }) => (
              <li key={`${line ?? 0} ${name}`}>
                <div>
                  {name}
                  <Where line={line} />
                </div>
                {onReplace ? (
                  <Group gap={4}>
                    {suggestions.map((right) => (
                      <Button
                        key={right}
                        size="compact-xs"
                        variant="default"
                        onClick={() => onReplace(name, right)}
                      >
                        {right}
                      </Button>
                    ))}
                  </Group>
                ) : null}
              </li>
            ))}
          </ul>
          <More count={unknown.length - shown} />
        </>
      ) : null}
      {refused.length > 0 ? (
        <>
          <Text size="sm" mt={6}>
            Refused:
          </Text>
          <ul className="gh-rows gh-held" aria-label="Refused">
            {refused.slice(0, shown).map(({ line, name, problem }, at) => (
              <li key={`${at} ${name}`}>
                <div>
                  {name === '' ? '' : `${name}: `}
                  {problem}
                  <Where line={line} />
                </div>
              </li>
            ))}
          </ul>
          <More count={refused.length - shown} />
        </>
      ) : null}
      {updated.length > 0 ? (
        <>
          <Text size="sm" mt={6}>
            In the list already, and changed:
          </Text>
          <ul className="gh-rows gh-held" aria-label="Changed">
            {updated.slice(0, shown).map(({ kind, name, changes }) => (
              <li key={`${kind} ${name}`}>
                <div>
                  {name}: {changes.map(memberChangeWords).join('; ')}
                </div>
              </li>
            ))}
          </ul>
          <More count={updated.length - shown} />
        </>
      ) : null}
      <Names title="Come in" members={added} />
      <Names title="In it already, and stay as they are" members={alreadyIn} />
      {notes.slice(0, 5).map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
    </section>
  )
}

function Names({ title, members }: { title: string; members: ChangeMembersAnswer['added'] }) {
  if (members.length === 0) return null
  return (
    <Text size="sm" c="dimmed" mt={6}>
      {title}:{' '}
      {members
        .slice(0, shown)
        .map(({ name }) => name)
        .join(', ')}
      {members.length > shown ? ` and ${(members.length - shown).toLocaleString('en')} more` : ''}
    </Text>
  )
}

function Where({ line }: { line: number | undefined }) {
  return line === undefined ? null : (
    <Text span size="xs" c="dimmed">
      {' '}
      line {line}
    </Text>
  )
}

function More({ count }: { count: number }) {
  return count > 0 ? (
    <Text size="sm" c="dimmed">
      and {count.toLocaleString('en')} more
    </Text>
  ) : null
}
