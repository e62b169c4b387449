/** @module The secret of a token that was just made: shown this once, with how to use it. */
import { Alert, Button, Modal, Stack, Text } from '@mantine/core'
import { CopyText } from '../ui/CopyText.js'
import { WarningIcon } from '../ui/Icons.js'

export interface MadeSecret {
  readonly name: string
  readonly secret: string
}

export function TokenSecret({ made, onClose }: { made: MadeSecret; onClose: () => void }) {
  const { name, secret } = made
  const { origin } = window.location
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Secret of ${name}`}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <Stack>
        <Alert icon={<WarningIcon />} color="amber" p="sm" role="status">
          Copy it now: it is shown this once. The gateway keeps only a hash of it. Whoever has it acts with
          the roles of {name}.
        </Alert>
        <div className="gh-secret">
          <CopyText value={secret} name="secret" />
        </div>
        <div>
          <Text fw={600} size="sm">
            In the API
          </Text>
          <pre className="gh-json" tabIndex={0} role="region" aria-label="Example with curl">
            {`curl -H "Authorization: Bearer $GATEHOUSE_TOKEN" ${origin}/v1/session`}
          </pre>
        </div>
        <div>
          <Text fw={600} size="sm">
            In the command line
          </Text>
          <pre className="gh-json" tabIndex={0} role="region" aria-label="Example with the command line">
            {`export GATEHOUSE_URL=${origin}\nread -rs GATEHOUSE_TOKEN && export GATEHOUSE_TOKEN   # paste the secret\ngatehouse status`}
          </pre>
        </div>
        <div>
          <Button onClick={onClose}>I have copied it</Button>
        </div>
      </Stack>
    </Modal>
  )
}
