/** @module Work under way: what is being done, how far it is, and how it ended. Read out as it moves, in whole sentences. */
import { Alert, Progress, Text } from '@mantine/core'
import type { JobItem } from '../../api/contract/identity-center.js'
import { CheckIcon, WarningIcon } from '../ui/Icons.js'
import { endSentence, isCutShort, percentDone } from '../ui/identity-center-words.js'
import { RelativeTime } from '../ui/RelativeTime.js'

interface JobProgressProps {
  job: JobItem | undefined
  /** Work of other kinds is not told. */
  kinds: readonly JobItem['kind'][]
}

const titles: Readonly<Record<JobItem['kind'], string>> = {
  scan: 'Reading AWS',
  import: 'Importing',
  apply: 'Applying the plan',
  uninstall: 'Removing',
}
const done: Readonly<Record<JobItem['kind'], string>> = {
  scan: 'AWS was read',
  import: 'The import is complete',
  apply: 'The plan was applied',
  uninstall: 'It was removed',
}

export function JobProgress({ job, kinds }: JobProgressProps) {
  if (!job || !kinds.includes(job.kind)) return null
  if (job.state === 'failed') {
    return (
      <Alert color="red" icon={<WarningIcon />} title={`${titles[job.kind]} failed`} role="alert" mb="md">
        {job.error ?? job.says}
      </Alert>
    )
  }
  if (job.state === 'done' && isCutShort(job)) {
    return (
      <Alert
        color="amber"
        icon={<WarningIcon />}
        title={`${job.done.toLocaleString('en')} of ${(job.total ?? 0).toLocaleString('en')} changes are in AWS`}
        role="status"
        mb="md"
      >
        {endSentence(job.says)} <RelativeTime at={job.endedAt ?? job.startedAt} />
      </Alert>
    )
  }
  if (job.state === 'done') {
    return (
      <Alert color="green" icon={<CheckIcon />} p="xs" mb="md" role="status">
        {done[job.kind]} <RelativeTime at={job.endedAt ?? job.startedAt} />.{' '}
        {job.kind === 'scan' ? null : endSentence(job.says)}
      </Alert>
    )
  }
  const percent = percentDone(job)
  return (
    <section className="gh-panel gh-part gh-job" aria-label={titles[job.kind]}>
      <div className="gh-part-head">
        <Text fw={600}>{titles[job.kind]}</Text>
        <Text size="sm" c="dimmed">
          {job.done.toLocaleString('en')}
          {job.total === undefined ? ' so far' : ` of ${job.total.toLocaleString('en')}`}, begun{' '}
          <RelativeTime at={job.startedAt} />
        </Text>
      </div>
      <Progress
        value={percent ?? 100}
        animated={percent === undefined}
        striped={percent === undefined}
        aria-label={titles[job.kind]}
      />
      <Text size="sm" mt={6} role="status">
        {job.says}
      </Text>
    </section>
  )
}
