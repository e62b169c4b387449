/** @module Registers a device and makes the token that enrols it; the command for it is shown once. */
import { Alert, Button, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { EnrollTokenAnswer } from '../../api/contract.js'
import { deviceOsTypes } from '../../core/device/device.js'
import { createDeviceAnd, makeEnrollToken, type NewDevice as Fields } from '../api/devices.js'
import { forgetResources } from '../api/resources.js'
import { CopyText } from '../ui/CopyText.js'
import { osNames } from '../ui/devices.js'
import { WarningIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { FormError } from '../ui/States.js'

interface NewDeviceProps {
  onClose: () => void
  onMade: (issued: EnrollTokenAnswer | undefined) => void
  /** Whether this person may make tokens too. */
  mayEnroll: boolean
}

export function NewDevice({ onClose, onMade, mayEnroll }: NewDeviceProps) {
  const [fields, setFields] = useState<Fields>({ osType: 'macos', assetTag: '', owner: '' })
  const [made, setMade] = useState<string>()
  const isMade = made !== undefined
  const change = (some: Partial<Fields>) => setFields({ ...fields, ...some })
  const make = useMutation({
    mutationFn: async () => {
      if (made !== undefined) return await makeEnrollToken(made)
      return await createDeviceAnd(fields, async (id) => {
        if (!mayEnroll) return undefined
        // Whoever is asked for a second factor and goes back has the device, and goes on with its token.
        setMade(id)
        return await makeEnrollToken(id)
      })
    },
    onSuccess: async (issued) => {
      onMade(issued)
      await forgetResources()
    },
  })
  return (
    <Modal opened onClose={onClose} title="New device">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <Stack>
          <NativeSelect
            disabled={isMade}
            label="Operating system"
            data={deviceOsTypes.map((value) => ({ value, label: osNames[value] }))}
            value={fields.osType}
            onChange={(event) => change({ osType: event.currentTarget.value })}
          />
          <TextInput
            data-autofocus
            disabled={isMade}
            label="Asset tag"
            description="What the company calls it, such as its serial number. No two devices share one."
            value={fields.assetTag}
            onChange={(event) => change({ assetTag: event.currentTarget.value.trim() })}
            autoCapitalize="none"
            spellCheck={false}
            required
          />
          <TextInput
            disabled={isMade}
            label="Owner (optional)"
            description="The only user whom it vouches for. Without one, whoever enrols it."
            value={fields.owner}
            onChange={(event) => change({ owner: event.currentTarget.value.trim() })}
            autoCapitalize="none"
            spellCheck={false}
          />
          {isMade && !make.isPending ? (
            <Text>
              The device is registered. Only its token is missing; it can be made later in the list, too.
            </Text>
          ) : null}
          <FormError error={make.error} />
          <Button type="submit" loading={make.isPending} disabled={fields.assetTag === ''}>
            {isMade ? 'Make its token' : mayEnroll ? 'Add device and make its token' : 'Add device'}
          </Button>
        </Stack>
      </form>
    </Modal>
  )
}

/** The command to run on the device: shown this once. */
export function EnrolCommand({ issued, onClose }: { issued: EnrollTokenAnswer; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={`Enrol ${issued.assetTag}`} size="lg" closeOnClickOutside={false}>
      <Stack>
        <Alert icon={<WarningIcon />} color="amber" p="sm" role="status">
          Copy it now: the token is shown this once, works once and ends{' '}
          <RelativeTime at={issued.expiresAt} />.
        </Alert>
        <Text>On the device, signed in as the person whom it shall vouch for:</Text>
        <div className="gh-secret">
          <CopyText value={`gatehouse login --url ${window.location.origin}`} name="sign-in command" />
        </div>
        <div className="gh-secret">
          <CopyText value={`gatehouse device enroll --token ${issued.token}`} name="enrolment command" />
        </div>
        <div>
          <Button onClick={onClose}>I have copied it</Button>
        </div>
      </Stack>
    </Modal>
  )
}
