/** @module The devices that vouch for the person, and those that are theirs to enrol. */
import { Badge, Skeleton, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ownDevicesQuery } from '../api/devices.js'
import { osNames, sayAssurance } from '../ui/devices.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState } from '../ui/States.js'

export function OwnDevices() {
  const devices = useQuery(ownDevicesQuery)
  if (devices.isPending) return <Skeleton h={60} role="status" aria-label="Loading devices" />
  if (devices.error) {
    return (
      <ErrorState
        error={devices.error}
        what="Your devices could not be read"
        onRetry={() => void devices.refetch()}
      />
    )
  }
  if (devices.data.length === 0) {
    return (
      <Text size="sm">
        None yet. Ask an administrator for a token, sign in on the device with <code>gatehouse login</code>,
        and run <code>gatehouse device enroll</code> there.
      </Text>
    )
  }
  return (
    <ul className="gh-rows" aria-label="Devices">
      {devices.data.map(({ name, assetTag, osType, state, assurance, enrolledAt, lastUsedAt }) => (
        <li key={name}>
          <div>
            <Text span fw={600}>
              {assetTag}
            </Text>{' '}
            <Text span c="dimmed">
              {osNames[osType]}
            </Text>
            {state === 'locked' ? (
              <Badge color="red" ml={6}>
                locked
              </Badge>
            ) : null}
            <Text size="xs" c="dimmed">
              {assurance && enrolledAt ? (
                <>
                  {sayAssurance(assurance)} · enrolled <RelativeTime at={enrolledAt} /> ·{' '}
                  {lastUsedAt ? (
                    <>
                      vouched <RelativeTime at={lastUsedAt} />
                    </>
                  ) : (
                    'has not vouched yet'
                  )}
                </>
              ) : (
                'Not enrolled yet: ask an administrator for a token.'
              )}
            </Text>
          </div>
        </li>
      ))}
    </ul>
  )
}
