/** @module Recovery codes of the signed-in person: how many are left, and new ones, shown once. */
import { Alert, Button, Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { MeAnswer, RecoveryCodesAnswer } from '../../api/contract.js'
import { sendJson } from '../api/client.js'
import { meQuery } from '../api/queries.js'
import { ProveSelf } from '../forms/ProveSelf.js'
import { apiPaths } from '../path-builder.js'
import { CodeBlock } from '../ui/CodeBlock.js'
import { InfoIcon, WarningIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'

const few = 3

export function RecoveryCodes({ factors, recoveryCodes }: Pick<MeAnswer, 'factors' | 'recoveryCodes'>) {
  const [making, setMaking] = useState(false)
  const [codes, setCodes] = useState<readonly string[]>()
  const client = useQueryClient()
  function close(): void {
    setMaking(false)
    setCodes(undefined)
    void client.invalidateQueries({ queryKey: meQuery.queryKey })
  }
  const act = recoveryCodes === undefined ? 'Make recovery codes' : 'Make new recovery codes'
  if (factors.length === 0) return <Text>Add a second factor first; the codes stand in for it.</Text>
  return (
    <Stack gap="md" align="flex-start">
      {recoveryCodes === undefined ? (
        <Text>You have none. Without them a lost device takes an administrator to replace.</Text>
      ) : recoveryCodes.left <= few ? (
        <Alert color="amber" icon={<WarningIcon />} p="sm" role="note">
          {left(recoveryCodes.left)} Make new ones and keep them where you find them.
        </Alert>
      ) : (
        <Text>
          {left(recoveryCodes.left)} Made <RelativeTime at={recoveryCodes.createdAt} />.
        </Text>
      )}
      <Button variant="default" onClick={() => setMaking(true)}>
        {act}
      </Button>
      <Modal
        opened={making}
        onClose={close}
        title={codes === undefined ? act : 'Keep these codes'}
        closeOnClickOutside={codes === undefined}
        closeOnEscape={codes === undefined}
        withCloseButton={codes === undefined}
      >
        {codes === undefined ? (
          <Stack>
            <Text>
              {recoveryCodes === undefined
                ? 'Confirm that it is you.'
                : 'The codes that you have stop working at once. Confirm that it is you.'}
            </Text>
            <ProveSelf
              factors={factors}
              action={act}
              onProof={async (proof) =>
                setCodes(
                  (await sendJson<RecoveryCodesAnswer>('POST', apiPaths.meRecoveryCodes(), proof)).codes,
                )
              }
            />
          </Stack>
        ) : (
          <Stack>
            <Alert icon={<InfoIcon />} p="sm" role="status">
              They are shown this once. Print them, or keep them in a password manager; each signs you in
              once, after your password.
            </Alert>
            <CodeBlock name="list of codes" text={`${codes.join('\n')}\n`} fileName="recovery-codes.txt" />
            <div>
              <Button onClick={close}>I have kept them</Button>
            </div>
          </Stack>
        )}
      </Modal>
    </Stack>
  )
}

function left(count: number): string {
  if (count === 0) return 'None is left.'
  return count === 1 ? 'One is left.' : `${count} are left.`
}
