/** @module How the sync of an instance is: health, what is wrong with its remedy, credentials, calls, objects in error, changes. */
import { Alert, Badge, Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { SyncStatusAnswer } from '../../api/contract/identity-center.js'
import { resync, startScan, statusQuery } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { useJob } from '../api/use-job.js'
import { ChangeLog } from '../components/ChangeLog.js'
import { GovernorPicture } from '../components/GovernorPicture.js'
import { JobProgress } from '../components/JobProgress.js'
import { WithPlugin } from '../components/WithPlugin.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { formatCount, formatWait } from '../ui/format.js'
import { CheckIcon, CrossIcon, WarningIcon } from '../ui/Icons.js'
import { daysLeftBadge, healthWords } from '../ui/identity-center-words.js'
import { PageTitle } from '../ui/PageTitle.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState, FormError } from '../ui/States.js'

export function IdentityCenterStatus() {
  return (
    <>
      <PageTitle title="Status" lead="Whether AWS is what Gatehouse says, and what to do where it is not." />
      <WithPlugin>{(plugin) => <Status plugin={plugin} />}</WithPlugin>
    </>
  )
}

function Status({ plugin }: { plugin: string }) {
  const status = useQuery(statusQuery(plugin))
  const job = useJob(plugin)
  if (status.isPending) return <Skeleton h={320} role="status" aria-label="Loading the status" />
  if (!status.data) {
    return (
      <ErrorState
        error={status.error}
        what="The status could not be read"
        onRetry={() => void status.refetch()}
      />
    )
  }
  const { data } = status
  return (
    <Stack gap="lg">
      <Health status={data} />
      <JobProgress job={job} kinds={['scan', 'import', 'apply', 'uninstall']} />
      <Problems problems={data.problems} />
      <Facts status={data} />
      <GovernorPicture governor={data.governor} />
      <Errors plugin={plugin} errors={data.errors} more={data.moreErrors} />
      <ChangeLog plugin={plugin} />
    </Stack>
  )
}

function Health({ status }: { status: SyncStatusAnswer }) {
  const { plugin, health, says, waiting } = status
  const client = useQueryClient()
  const mayUpdate = useRight(rights.updatePlugins)
  const scan = useMutation({
    mutationFn: () => startScan(plugin),
    onSuccess: () => client.invalidateQueries({ queryKey: ['awsic', plugin, 'status'] }),
  })
  const words = healthWords[health]
  return (
    <section className="gh-panel gh-part" aria-label="Health">
      <div className="gh-part-head">
        <div>
          <Badge color={words.color} size="lg" role="status">
            {words.text}
          </Badge>
          <Text mt={6} maw="80ch">
            {says}
          </Text>
        </div>
        <Group gap="sm">
          {health === 'setting_up' ? (
            <Button component={Link} to={pagePaths.identityCenterSetUp({ plugin })}>
              Resume the set-up
            </Button>
          ) : null}
          {waiting.actions > 0 ? (
            <Button component={Link} variant="default" to={pagePaths.identityCenterPlan({ plugin })}>
              See the plan
            </Button>
          ) : null}
          <Button
            variant="default"
            onClick={() => scan.mutate()}
            loading={scan.isPending}
            disabled={!mayUpdate || status.job?.state === 'running'}
          >
            Read AWS now
          </Button>
        </Group>
      </div>
      <FormError error={scan.error} />
    </section>
  )
}

function Problems({ problems }: Pick<SyncStatusAnswer, 'problems'>) {
  const notes = problems.filter(({ weight }) => weight === 'note')
  const wrong = problems.filter(({ weight }) => weight !== 'note')
  return (
    <>
      {wrong.length > 0 ? (
        <section aria-label="Problems">
          <Title order={2} mb="xs">
            What to do
          </Title>
          <Stack gap="sm">
            {wrong.map(({ code, weight, says, remedy }) => (
              <Alert
                key={`${code} ${says}`}
                color={weight === 'failing' ? 'red' : 'amber'}
                icon={<WarningIcon />}
                title={says}
                role={weight === 'failing' ? 'alert' : 'status'}
              >
                {remedy}
              </Alert>
            ))}
          </Stack>
        </section>
      ) : null}
      {notes.length > 0 ? (
        <section aria-label="Good to know">
          <Title order={2} mb="xs">
            Good to know
          </Title>
          {notes.map(({ code, says, remedy }) => (
            <Text key={`${code} ${says}`} c="dimmed" maw="90ch">
              {says} {remedy}
            </Text>
          ))}
        </section>
      ) : null}
    </>
  )
}

function Facts({ status }: { status: SyncStatusAnswer }) {
  const { plugin, mode, credentials, scim, lastSync, lastScan, totals, waiting, drift, lease } = status
  const token = scim.tokens.find(({ inUse }) => inUse)
  const badge = token ? daysLeftBadge(token.daysLeft) : undefined
  return (
    <section className="gh-panel gh-part" aria-label="Facts">
      <dl className="gh-facts">
        <dt>Credentials</dt>
        <dd>
          <span className="gh-outcome" data-success={credentials.ok}>
            {credentials.ok === undefined ? null : credentials.ok ? <CheckIcon /> : <CrossIcon />}
            {credentials.kind === 'oidc' ? 'trust by OIDC' : "the machine's own"}
          </span>
          : {credentials.says}
          {credentials.expiresAt ? (
            <Text size="xs" c="dimmed">
              renewed before they end, <RelativeTime at={credentials.expiresAt} />
            </Text>
          ) : null}
        </dd>
        <dt>SCIM token</dt>
        <dd>
          {mode === 'hybrid' ? (
            'not used: another identity provider owns the users'
          ) : token ? (
            <>
              {token.state === 'refused'
                ? `slot ${token.slot} is refused by AWS`
                : `${token.daysLeft.toLocaleString('en')} days left in slot ${token.slot}`}
              {badge ? (
                <Badge color={badge.color} ml={6}>
                  {token.state === 'refused' ? 'refused by AWS' : 'replace it'}
                </Badge>
              ) : null}{' '}
              <Link to={pagePaths.identityCenterSetUp({ step: 'scim', plugin })} className="gh-row-link">
                Tokens
              </Link>
            </>
          ) : (
            <Link to={pagePaths.identityCenterSetUp({ step: 'scim', plugin })} className="gh-row-link">
              none yet: add one
            </Link>
          )}
        </dd>
        <dt>Last sync</dt>
        <dd>
          {lastSync ? (
            <>
              <span className="gh-outcome" data-success={lastSync.success}>
                {lastSync.success ? <CheckIcon /> : <CrossIcon />}
                <RelativeTime at={lastSync.at} />
              </span>
              : {lastSync.says}
            </>
          ) : (
            'not yet'
          )}
        </dd>
        <dt>Last full look at AWS</dt>
        <dd>
          {lastScan ? (
            <>
              <RelativeTime at={lastScan.at} />, took {formatWait(lastScan.tookMs / 1000)}; again every{' '}
              {formatWait(lastScan.everyMs / 1000)}
            </>
          ) : (
            'not yet'
          )}
        </dd>
        <dt>Seen in AWS</dt>
        <dd>
          {formatCount(totals.accounts, 'account')}, {formatCount(totals.permissionSets, 'permission set')},{' '}
          {formatCount(totals.users, 'user')}, {formatCount(totals.groups, 'group')},{' '}
          {formatCount(totals.assignments, 'assignment')}
        </dd>
        <dt>Waiting</dt>
        <dd>
          {waiting.actions + waiting.held + waiting.open + (waiting.retried ?? 0) === 0 ? (
            'nothing'
          ) : (
            <Link to={pagePaths.identityCenterPlan({ plugin })} className="gh-row-link">
              {formatCount(waiting.actions, 'change')} to make
            </Link>
          )}
          {(waiting.retried ?? 0) > 0
            ? `, ${(waiting.retried ?? 0).toLocaleString('en')} failed and tried again`
            : ''}
          {waiting.held > 0 ? `, ${waiting.held.toLocaleString('en')} held for a person` : ''}
          {waiting.open > 0 ? `, ${waiting.open.toLocaleString('en')} without an answer of AWS yet` : ''}
          {waiting.nextAt ? (
            <>
              ; next try <RelativeTime at={waiting.nextAt} />
            </>
          ) : null}
        </dd>
        {waiting.ends ? (
          <>
            <dt>Ended, still in AWS</dt>
            <dd>
              {formatCount(waiting.ends.count, 'assignment')} to take away
              {waiting.ends.since === undefined ? null : (
                <>
                  , the first ended <RelativeTime at={waiting.ends.since} />
                </>
              )}
            </dd>
          </>
        ) : null}
        <dt>Drift</dt>
        <dd>{drift === 0 ? 'none' : `${formatCount(drift, 'change')} made by hand in AWS`}</dd>
        {lease ? (
          <>
            <dt>Worked by</dt>
            <dd>
              {lease.isOurs ? 'this gateway process' : 'another gateway process'}; one at a time changes AWS
              <Text size="xs" c="dimmed">
                <BreakableName value={lease.holder} />
              </Text>
            </dd>
          </>
        ) : null}
      </dl>
    </section>
  )
}

interface ErrorsProps {
  plugin: string
  errors: SyncStatusAnswer['errors']
  more: number
}

function Errors({ plugin, errors, more }: ErrorsProps) {
  const client = useQueryClient()
  const mayUpdate = useRight(rights.updatePlugins)
  const again = useMutation({
    mutationFn: (object: { kind: 'user' | 'list'; name: string }) => resync(plugin, object),
    onSettled: () => client.invalidateQueries({ queryKey: ['awsic', plugin] }),
  })
  if (errors.length === 0) return null
  return (
    <section aria-label="Objects in error">
      <Title order={2} mb="xs">
        Objects in error
      </Title>
      <FormError error={again.error} />
      <ul className="gh-panel gh-rows" aria-label="Objects in error">
        {errors.map(({ kind, name, says, remedy, since, attempts }) => (
          <li key={`${kind} ${name}`}>
            <div>
              <Text fw={500}>
                {kind} <BreakableName value={name} />
              </Text>
              <Text size="sm">{says}</Text>
              <Text size="sm" c="dimmed">
                {remedy}
              </Text>
              <Text size="xs" c="dimmed">
                since <RelativeTime at={since} />, {formatCount(attempts, 'attempt')}
              </Text>
            </div>
            {kind === 'assignment' || !mayUpdate ? null : (
              <Button
                variant="default"
                size="xs"
                onClick={() => again.mutate({ kind, name })}
                loading={again.isPending && again.variables.name === name}
                aria-label={`Try ${kind} ${name} again`}
              >
                Try again
              </Button>
            )}
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          and {more.toLocaleString('en')} more
        </Text>
      ) : null}
    </section>
  )
}
