/** @module After a restore: what waits and why, and the button that lets it go, with its effect on it. */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { PlanAnswer } from '../../api/contract/identity-center-plan.js'
import { isProblem } from '../api/client.js'
import { releasePlan } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { Dialog } from '../ui/Dialog.js'
import { formatCount, formatExact } from '../ui/format.js'
import { WarningIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { FormError } from '../ui/States.js'

interface RestoredPlanProps {
  plugin: string
  plan: PlanAnswer
  restored: NonNullable<PlanAnswer['restored']>
}

export function RestoredPlan({ plugin, plan, restored }: RestoredPlanProps) {
  const [asking, setAsking] = useState(false)
  const mayUpdate = useRight(rights.updatePlugins)
  const held = plan.counts.reduce((sum, one) => sum + one.held, 0)
  return (
    <Alert color="red" icon={<WarningIcon />} title="Restored from a backup" role="alert">
      <Stack gap="sm">
        <Text maw="80ch">
          Everything here is as of {formatExact(Date.parse(restored.backupAt))} (
          <RelativeTime at={restored.backupAt} />
          ). Nothing is changed in AWS, not even for locks and expired access, until somebody has read this
          plan and released it. What was given or taken away after the backup shows below as if it were wrong
          in AWS.
        </Text>
        {plan.readAt === undefined ? (
          <Text>AWS is being read anew; once that is done the plan is here, and can be released.</Text>
        ) : mayUpdate ? (
          <div>
            <Button onClick={() => setAsking(true)}>{releaseLabel(held)} …</Button>
          </div>
        ) : (
          <Text>You may read the plan; somebody who may change the plugin has to release it.</Text>
        )}
      </Stack>
      {asking ? <Release plugin={plugin} plan={plan} held={held} onClose={() => setAsking(false)} /> : null}
    </Alert>
  )
}

function releaseLabel(held: number): string {
  return held === 0 ? 'Release the sync' : `Release ${formatCount(held, 'change')}`
}

interface ReleaseProps {
  plugin: string
  plan: PlanAnswer
  held: number
  onClose: () => void
}

function Release({ plugin, plan, held, onClose }: ReleaseProps) {
  const client = useQueryClient()
  const again = () => client.invalidateQueries({ queryKey: ['awsic', plugin] })
  const release = useMutation({
    mutationFn: () => releasePlan(plugin, plan.heldDigest),
    onSuccess: async () => {
      await again()
      onClose()
    },
    // The plan moved on: what stands behind the dialog is read anew.
    onError: async (error) => {
      if (isProblem(error, 'PLAN_CHANGED')) await again()
    },
  })
  const people = (change: 'gains' | 'loses') =>
    new Set(plan.effects.filter((effect) => effect.change === change).map(({ person }) => person)).size
  return (
    <Dialog onClose={onClose} title={`${releaseLabel(held)}?`}>
      <Stack>
        <List spacing={4}>
          <List.Item>
            {formatCount(held, 'change')} in AWS. Users who gain access: {people('gains')}; users who lose
            some: {people('loses')}
            {plan.moreEffects > 0
              ? `; ${plan.moreEffects.toLocaleString('en')} effects more are not counted here`
              : ''}
            .
          </List.Item>
          <List.Item>
            From then on the sync goes on by itself, within the limits of its guard
            {plan.sync === 'paused' ? ', as soon as it is switched on' : ''}.
          </List.Item>
        </List>
        <FormError error={release.error} />
        <Group>
          <Button onClick={() => release.mutate()} loading={release.isPending}>
            {releaseLabel(held)}
          </Button>
          <Button variant="default" onClick={onClose}>
            Not now
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
