/** @module A removal under way, until the plugin is gone; where it failed, what it left and the two ways on. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { Link } from 'react-router'
import { isProblem } from '../api/client.js'
import { statusQuery } from '../api/identity-center.js'
import { forgetResources } from '../api/resources.js'
import { pagePaths } from '../path-builder.js'
import { InfoIcon, WarningIcon } from '../ui/Icons.js'
import { JobProgress } from './JobProgress.js'

/** Looks each second until the plugin is gone, or the removal has failed. */
export function Removing({
  plugin,
  onRemoved,
  onAgain,
}: {
  plugin: string
  onRemoved: () => void
  onAgain: () => void
}) {
  const client = useQueryClient()
  const status = useQuery({ ...statusQuery(plugin), refetchInterval: 1000, retry: false })
  const removed = isProblem(status.error, 'NOT_FOUND')
  useEffect(() => {
    if (!removed) return
    void client.invalidateQueries({ queryKey: ['integrations'] })
    void forgetResources()
    onRemoved()
  }, [removed, client, onRemoved])
  const job = status.data?.job
  const failed = job?.kind === 'uninstall' && job.state === 'failed'
  return failed ? (
    <Failed plugin={plugin} error={job.error} onAgain={onAgain} />
  ) : (
    <>
      <Alert icon={<InfoIcon />} title={`${plugin} is being removed`} role="status">
        Access that ends by time is revoked first. You may leave: Integrations tells how it ends.
      </Alert>
      <JobProgress job={job} kinds={['uninstall']} />
    </>
  )
}

/** A removal that stopped half way: what it left, and the two ways on. */
export function Failed({
  plugin,
  error,
  onAgain,
}: {
  plugin: string
  error: string | undefined
  onAgain?: () => void
}) {
  return (
    <Alert color="red" icon={<WarningIcon />} title={`${plugin} could not be removed`} role="alert">
      <Text mb="xs">
        {error} The sync is off since then: locks, leavers and changes do not reach AWS. Go on with the
        removal, which begins where it stopped, or call it off by switching the sync on again.
      </Text>
      <Group gap="sm">
        {onAgain ? (
          <Button color="red" onClick={onAgain}>
            Go on with the removal …
          </Button>
        ) : null}
        <Button component={Link} variant="default" to={pagePaths.identityCenterPlan({ plugin })}>
          Call it off: switch the sync on …
        </Button>
      </Group>
    </Alert>
  )
}
