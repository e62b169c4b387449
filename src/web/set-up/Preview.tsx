/** @module Step 2: what AWS has, what of it is taken over and why not the rest, who owns the lists; then the import. */
import { Alert, Button, Group, List, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery, useMutation, useQueries, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import type { PreviewAnswer, SetupAnswer } from '../../api/contract/identity-center.js'
import { isProblem } from '../api/client.js'
import { useEditResource } from '../api/edit-resource.js'
import { previewQuery, startImport, startScan } from '../api/identity-center.js'
import { resourceQuery } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { useJob } from '../api/use-job.js'
import { JobProgress } from '../components/JobProgress.js'
import { WithResource } from '../components/WithResource.js'
import { FilterRows, UserFilterRows } from '../forms/FilterRows.js'
import { PeoplePicker } from '../forms/PeoplePicker.js'
import {
  pluginEdits,
  readPluginFields,
  sameFilters,
  writeFilters,
  type Filters,
  type PluginFields,
} from '../forms/plugin-fields.js'
import { pagePaths } from '../path-builder.js'
import { formatCount } from '../ui/format.js'
import { InfoIcon } from '../ui/Icons.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState, FormError } from '../ui/States.js'
import { PreviewTable } from './PreviewTable.js'

const pauseMs = 400

export function Preview({ setUp: { plugin, steps } }: { setUp: SetupAnswer }) {
  const isOn = steps.some(({ step, state }) => step === 'plan' && state === 'done')
  return (
    <WithResource kind={{ name: 'plugin', title: 'plugin' }} name={plugin}>
      {({ yaml }) => {
        const fields = readPluginFields(yaml)
        return fields ? (
          <Content plugin={plugin} fields={fields} isOn={isOn} />
        ) : (
          <ErrorState
            error={undefined}
            what="The plugin's YAML cannot be shown here: edit it as a resource"
          />
        )
      }}
    </WithResource>
  )
}

interface ContentProps {
  plugin: string
  fields: PluginFields
  /** The sync was switched on: nothing is imported any more. */
  isOn: boolean
}

function Content({ plugin, fields, isOn }: ContentProps) {
  const [filters, setFilters] = useState<Filters>(fields.filters)
  const changed = !sameFilters(filters, fields.filters)
  const [tried] = useDebouncedValue(changed ? JSON.stringify(writeFilters(filters)) : undefined, pauseMs)
  const groups = useInfiniteQuery(
    previewQuery(plugin, { kind: 'groups', search: '', show: 'all', filters: tried }),
  )
  const first = groups.data?.pages[0]
  return (
    <Stack gap="lg">
      <Scan plugin={plugin} readAt={first?.readAt} isKnown={groups.isSuccess} />
      {groups.error && !changed ? (
        <ErrorState
          error={groups.error}
          what="The preview could not be made"
          onRetry={() => void groups.refetch()}
        />
      ) : null}
      <FilterPanel
        plugin={plugin}
        filters={filters}
        changed={changed}
        problem={changed ? groups.error : undefined}
        onChange={setFilters}
        onDiscard={() => setFilters(fields.filters)}
      />
      {first?.readAt ? (
        <>
          <PreviewTable plugin={plugin} filters={tried} />
          <NotImported reasons={first.notImported} />
        </>
      ) : null}
      <Owners plugin={plugin} owners={fields.owners} />
      {isOn ? (
        <Text c="dimmed" role="note">
          The sync is on: what Gatehouse says is the truth now, and nothing is imported any more.
        </Text>
      ) : (
        <Import plugin={plugin} preview={first} changed={changed} hasOwners={fields.owners.length > 0} />
      )}
    </Stack>
  )
}

interface ScanProps {
  plugin: string
  readAt: string | undefined
  isKnown: boolean
}

function Scan({ plugin, readAt, isKnown }: ScanProps) {
  const client = useQueryClient()
  const job = useJob(plugin)
  const mayUpdate = useRight(rights.updatePlugins)
  const scan = useMutation({
    mutationFn: () => startScan(plugin),
    onSuccess: () => client.invalidateQueries({ queryKey: ['awsic', plugin, 'status'] }),
  })
  const running = job?.state === 'running'
  return (
    <section aria-label="What AWS has">
      <Group gap="sm" mb="sm">
        <Button
          variant={readAt ? 'default' : 'filled'}
          onClick={() => scan.mutate()}
          loading={scan.isPending || (running && job.kind === 'scan')}
          disabled={!mayUpdate || running}
        >
          {readAt ? 'Read AWS again' : 'Read what AWS has'}
        </Button>
        <Text c="dimmed" role="status">
          {readAt ? (
            <>
              Read <RelativeTime at={readAt} />. Reading changes nothing there.
            </>
          ) : isKnown ? (
            'Not read yet. Reading changes nothing in AWS.'
          ) : null}
        </Text>
      </Group>
      <FormError error={scan.error} />
      <JobProgress job={job} kinds={['scan']} />
    </section>
  )
}

interface FilterPanelProps {
  plugin: string
  filters: Filters
  changed: boolean
  /** What is wrong with the lines as they are typed. */
  problem: unknown
  onChange: (filters: Filters) => void
  onDiscard: () => void
}

function FilterPanel({ plugin, filters, changed, problem, onChange, onDiscard }: FilterPanelProps) {
  const edit = useEditResource('plugin', plugin)
  const mayUpdate = useRight(rights.updatePlugins)
  const count = filters.accounts.length + filters.groups.length + filters.users.length
  return (
    <details className="gh-panel gh-part gh-guide" open={count > 0 || undefined}>
      <summary>Filters: {count === 0 ? 'none, everything is taken' : formatCount(count, 'line')}</summary>
      <Text size="sm" c="dimmed" my="sm" maw="80ch">
        What is left out wins over what is taken in. A name is exact, or a pattern with *, or ^…$ for a
        regular expression. The preview below shows what your lines would do before you save them.
      </Text>
      <div className="gh-filter-parts">
        <div>
          <Text fw={600} mb={4}>
            Groups to import
          </Text>
          <FilterRows
            noun="groups"
            rows={filters.groups}
            onChange={(groups) => onChange({ ...filters, groups })}
          />
        </div>
        <div>
          <Text fw={600} mb={4}>
            Accounts to manage
          </Text>
          <FilterRows
            noun="accounts"
            rows={filters.accounts}
            onChange={(accounts) => onChange({ ...filters, accounts })}
          />
        </div>
        <div>
          <Text fw={600} mb={4}>
            Users to push
          </Text>
          <UserFilterRows rows={filters.users} onChange={(users) => onChange({ ...filters, users })} />
        </div>
      </div>
      <FormError error={problem ?? edit.error} />
      <Group mt="md" gap="sm">
        <Button
          onClick={() => edit.mutate((yaml) => pluginEdits.filters(yaml, filters))}
          loading={edit.isPending}
          disabled={!changed || !mayUpdate}
        >
          Save filters
        </Button>
        <Button variant="default" onClick={onDiscard} disabled={!changed}>
          Discard changes
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {changed ? 'Not saved: the preview shows what they would do.' : ''}
        </Text>
      </Group>
    </details>
  )
}

function NotImported({ reasons }: { reasons: readonly string[] }) {
  if (reasons.length === 0) return null
  return (
    <Alert icon={<InfoIcon />} title="What no import takes over" role="note">
      <List>
        {reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
    </Alert>
  )
}

function Owners({ plugin, owners }: { plugin: string; owners: readonly string[] }) {
  const client = useQueryClient()
  const edit = useEditResource('plugin', plugin)
  const mayUpdate = useRight(rights.updatePlugins)
  const found = useQueries({
    queries: owners.map((name) => ({ ...resourceQuery('user', name), retry: false })),
  })
  const absent = owners.filter((_, at) => isProblem(found[at]?.error, 'NOT_FOUND'))
  return (
    <section className="gh-panel gh-part" aria-label="Default owners">
      <Title order={2} mb={4}>
        Default owners
      </Title>
      <Text c="dimmed" mb="sm">
        They own every list that the import makes, and may hand each over later. If you change them, import
        again: lists that nobody handed over get the new ones.
      </Text>
      <PeoplePicker
        label="Default owners"
        noun="default owner"
        people={owners}
        onChange={(next) => edit.mutate((yaml) => pluginEdits.owners(yaml, next))}
        disabled={edit.isPending || !mayUpdate}
        check={async (name) => {
          try {
            await client.query({ ...resourceQuery('user', name), retry: false })
            return undefined
          } catch (error) {
            if (isProblem(error, 'NOT_FOUND'))
              return `There is no user ${name}: the lists would belong to nobody.`
            throw error
          }
        }}
        warn={(name) => (absent.includes(name) ? 'There is no such user: this owner is nobody.' : undefined)}
      />
      <FormError error={edit.error} />
    </section>
  )
}

interface ImportProps {
  plugin: string
  preview: PreviewAnswer | undefined
  changed: boolean
  hasOwners: boolean
}

function Import({ plugin, preview, changed, hasOwners }: ImportProps) {
  const client = useQueryClient()
  const job = useJob(plugin)
  const mayUpdate = useRight(rights.updatePlugins)
  const take = useMutation({
    mutationFn: () => startImport(plugin),
    onSuccess: () => client.invalidateQueries({ queryKey: ['awsic', plugin, 'status'] }),
  })
  const count = preview?.counts.groups?.imported ?? 0
  const running = job?.state === 'running'
  const why = !mayUpdate
    ? 'Your roles do not let you import.'
    : !preview?.readAt
      ? 'Read AWS first.'
      : changed
        ? 'Save or discard the filters first.'
        : !hasOwners
          ? 'Choose a default owner first.'
          : undefined
  // What it made is only known when the job has ended.
  useEffect(() => {
    if (job?.kind === 'import' && job.state !== 'running')
      void client.invalidateQueries({ queryKey: ['members'] })
  }, [job?.kind, job?.state, client])
  return (
    <section aria-label="Import">
      <JobProgress job={job} kinds={['import']} />
      <FormError error={take.error} />
      <Group gap="sm">
        <Button
          onClick={() => take.mutate()}
          loading={take.isPending || (running && job.kind === 'import')}
          disabled={why !== undefined || running}
          aria-describedby="import-note"
        >
          Import {formatCount(count, 'group')} as access {count === 1 ? 'list' : 'lists'}
        </Button>
        {job?.kind === 'import' && job.state === 'done' ? (
          <Button component={Link} variant="default" to={pagePaths.accessLists()}>
            See the access lists
          </Button>
        ) : null}
      </Group>
      <Text id="import-note" size="sm" c="dimmed" mt={6}>
        {why ?? 'Makes access lists here and changes nothing in AWS. It may run again until the sync is on.'}
      </Text>
    </section>
  )
}
