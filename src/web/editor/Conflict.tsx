/**
 * @module Two people edited one resource: both texts side by side, and the ways on. What was typed stays until its
 * author says otherwise, and can be taken along as a file.
 */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { CurrentResource } from '../../api/contract.js'
import { sideBySide } from './diff.js'
import { toStored, type Stored } from './document.js'

interface ConflictProps {
  /** What is being edited, for the title and the name of the file. */
  name: string
  mine: string
  current: CurrentResource | undefined
  opened: boolean
  onClose: () => void
  onChoose: (base: Stored, keep: 'mine' | 'theirs') => void
}

export function Conflict({ name, mine, current, opened, onClose, onChoose }: ConflictProps) {
  return (
    <Modal
      opened={opened && current !== undefined}
      onClose={onClose}
      title={`${name} was changed meanwhile`}
      size="min(96vw, 1200px)"
    >
      {current ? <Both name={name} mine={mine} theirs={toStored(current)} onChoose={onChoose} /> : null}
    </Modal>
  )
}

function Both({
  name,
  mine,
  theirs,
  onChoose,
}: {
  name: string
  mine: string
  theirs: Stored
  onChoose: ConflictProps['onChoose']
}) {
  const rows = sideBySide(mine, theirs.text)
  return (
    <Stack>
      <Text>
        Somebody saved another text after you began. Lines that differ are marked. Keeping yours puts it on
        top of theirs: saving then replaces what they changed, wherever yours says something else.
      </Text>
      <div className="gh-sides" tabIndex={0} role="region" aria-label="Yours and theirs">
        <table>
          <thead>
            <tr>
              <th scope="col">Yours, not saved</th>
              <th scope="col">Theirs, saved</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ left, right, same }, at) => (
              <tr key={at} data-same={same}>
                <Side text={left} same={same} />
                <Side text={right} same={same} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Group>
        <Button onClick={() => onChoose(theirs, 'mine')}>Keep editing mine on top of theirs</Button>
        <Button variant="default" onClick={() => onChoose(theirs, 'theirs')}>
          Take theirs
        </Button>
        <Button
          variant="default"
          component="a"
          href={`data:application/yaml;charset=utf-8,${encodeURIComponent(mine)}`}
          download={`${name.replaceAll(/[^\w.@-]+/g, '_')}.yaml`}
        >
          Download mine
        </Button>
      </Group>
    </Stack>
  )
}

function Side({ text, same }: { text: string | undefined; same: boolean }) {
  return (
    <td data-missing={text === undefined}>
      <code>
        {same || text === undefined ? null : <span className="gh-hidden">differs: </span>}
        {text}
      </code>
    </td>
  )
}
