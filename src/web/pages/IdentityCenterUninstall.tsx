/** @module Uninstall: what goes, what stays, what will lead nowhere and what to type for it; then the name, to confirm. */
import { Alert, Button, Checkbox, Group, List, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { Link } from 'react-router'
import type { UninstallAnswer } from '../../api/contract/identity-center.js'
import { uninstall, uninstallQuery } from '../api/identity-center.js'
import { forgetResources } from '../api/resources.js'
import { rights, useRight } from '../api/session.js'
import { useJob } from '../api/use-job.js'
import { Failed, Removing } from '../components/RemovalProgress.js'
import { LeftInAws, Losses, sayRemovedAccess } from '../components/RemovedAccess.js'
import { WithPlugin } from '../components/WithPlugin.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { CodeBlock } from '../ui/CodeBlock.js'
import { CopyText } from '../ui/CopyText.js'
import { sayInPage } from '../ui/field-labels.js'
import { formatCount, startUpper } from '../ui/format.js'
import { CheckIcon, WarningIcon } from '../ui/Icons.js'
import { PageTitle } from '../ui/PageTitle.js'
import { ErrorState, FormError } from '../ui/States.js'

const parent = { title: 'Integrations', to: pagePaths.integrations() }

export function IdentityCenterUninstall() {
  const [gone, setGone] = useState<{ plugin: string; answer: UninstallAnswer }>()
  return (
    <>
      <PageTitle
        title="Uninstall Identity Center"
        parent={parent}
        lead="Takes the connection away. Access that people have in AWS stays unless you ask otherwise."
      />
      {gone ? (
        <Gone {...gone} onAgain={() => setGone(undefined)} />
      ) : (
        <WithPlugin>
          {(plugin) => <Uninstall plugin={plugin} onGone={(answer) => setGone({ plugin, answer })} />}
        </WithPlugin>
      )}
    </>
  )
}

interface GoneProps {
  plugin: string
  answer: UninstallAnswer
  /** Back to where it is asked for. */
  onAgain: () => void
}

function Gone({ plugin, answer, onAgain }: GoneProps) {
  const [removed, setRemoved] = useState(false)
  return (
    <Stack gap="lg">
      {removed ? (
        <Alert color="green" icon={<CheckIcon />} title={`${plugin} was removed`} role="status">
          What is left to do in AWS stands below.
        </Alert>
      ) : (
        <Removing plugin={plugin} onRemoved={() => setRemoved(true)} onAgain={onAgain} />
      )}
      <Cleanup answer={answer} isDone={removed} />
      <Dangling dangling={answer.dangling} />
      <div>
        <Button component={Link} variant="default" to={pagePaths.integrations()}>
          Back to Integrations
        </Button>
      </div>
    </Stack>
  )
}

function Uninstall({ plugin, onGone }: { plugin: string; onGone: (answer: UninstallAnswer) => void }) {
  const effect = useQuery(uninstallQuery(plugin))
  const job = useJob(plugin)
  if (effect.isPending) return <Skeleton h={320} role="status" aria-label="Reading what this would do" />
  if (!effect.data) {
    return (
      <ErrorState
        error={effect.error}
        what="What this would do could not be read"
        onRetry={() => void effect.refetch()}
      />
    )
  }
  const { removes, keeps, warnings, refused, timeBoxed, lists = [], left = [] } = effect.data
  if (job?.kind === 'uninstall' && job.state === 'running') {
    const answer = effect.data
    return <Begun answer={answer} onGone={onGone} />
  }
  return (
    <Stack gap="lg">
      {job?.kind === 'uninstall' && job.state === 'failed' ? (
        <Failed plugin={plugin} error={job.error} />
      ) : null}
      {refused ? (
        <Alert color="red" icon={<WarningIcon />} title="This cannot be done now" role="alert">
          {refused}
        </Alert>
      ) : null}
      {warnings.map((warning) => (
        <Alert key={warning} color="amber" icon={<WarningIcon />} role="status">
          {sayInPage(warning)}
        </Alert>
      ))}
      <LeftInAws left={left} plugin={plugin} />
      <div className="gh-two">
        <Part title="Goes" items={removes}>
          <Lists names={lists} />
        </Part>
        <Part title="Stays" items={keeps} />
      </div>
      {timeBoxed > 0 ? (
        <Text>
          {formatCount(timeBoxed, 'grant')} that {timeBoxed === 1 ? 'ends' : 'end'} by time{' '}
          {timeBoxed === 1 ? 'is' : 'are'} revoked in AWS first.
        </Text>
      ) : null}
      <Dangling dangling={effect.data.dangling} />
      <Cleanup answer={effect.data} isDone={false} />
      {refused ? null : (
        <Confirm
          plugin={plugin}
          isSource={warnings.length > 0}
          access={effect.data.access}
          onDone={() => onGone(effect.data)}
        />
      )}
    </Stack>
  )
}

/** Whoever comes while it is being removed sees how far it is. */
function Begun({ answer, onGone }: { answer: UninstallAnswer; onGone: (answer: UninstallAnswer) => void }) {
  useEffect(() => onGone(answer), [answer, onGone])
  return <Skeleton h={320} role="status" aria-label="Reading how far the removal is" />
}

interface PartProps {
  title: string
  items: readonly string[]
  children?: ReactNode
}

function Part({ title, items, children }: PartProps) {
  return (
    <section className="gh-panel gh-part" aria-label={title}>
      <Title order={2} mb="xs">
        {title}
      </Title>
      <List spacing={4}>
        {items.map((item) => (
          <List.Item key={item}>{startUpper(item)}</List.Item>
        ))}
      </List>
      {children}
    </section>
  )
}

const listsAtOnce = 5

/** By name, so that each can be looked at before it goes. */
function Lists({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null
  const links = (
    <ul className="gh-plain-list" aria-label="Access lists that go">
      {names.map((name) => (
        <li key={name}>
          <Link to={pagePaths.accessList(name)} className="gh-row-link">
            <BreakableName value={name} />
          </Link>
        </li>
      ))}
    </ul>
  )
  if (names.length > listsAtOnce) {
    return (
      <details className="gh-guide">
        <summary>The {names.length.toLocaleString('en')} access lists</summary>
        {links}
      </details>
    )
  }
  return (
    <>
      <Text size="sm" c="dimmed" mt="sm">
        The access lists
      </Text>
      {links}
    </>
  )
}

function Dangling({ dangling }: Pick<UninstallAnswer, 'dangling'>) {
  if (dangling.length === 0) return null
  return (
    <section aria-label="References that will lead nowhere">
      <Title order={2} mb={4}>
        References that will lead nowhere
      </Title>
      <Text c="dimmed" mb="xs">
        They do no harm and give nothing. This is how each is tidied up.
      </Text>
      <ul className="gh-panel gh-rows" aria-label="References">
        {dangling.map(({ kind, name, says, command }) => (
          <li key={`${kind} ${name} ${command}`}>
            <div>
              <Text fw={500}>
                {startUpper(kind.replaceAll('_', ' '))}{' '}
                <Link to={pageOf({ kind, name })} className="gh-row-link">
                  <BreakableName value={name} />
                </Link>
              </Text>
              <Text size="sm">{says}</Text>
              <Text size="xs" c="dimmed">
                Edit it on its page, or type:
              </Text>
              <CopyText value={command} name="command" />
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}

function pageOf({ kind, name }: Pick<UninstallAnswer['dangling'][number], 'kind' | 'name'>): string {
  switch (kind) {
    case 'user':
      return pagePaths.user(name)
    case 'role':
      return pagePaths.role(name)
    case 'access_list':
      return pagePaths.accessList(name)
    case 'token':
      return pagePaths.resource('token', name)
  }
}

interface CleanupProps {
  answer: UninstallAnswer
  /** Before, the script would take away the way in that the removal itself needs. */
  isDone: boolean
}

function Cleanup({ answer: { awsCleanup }, isDone }: CleanupProps) {
  const script = <CodeBlock name="clean-up script" text={awsCleanup.text} fileName={awsCleanup.fileName} />
  return (
    <section className="gh-panel gh-part" aria-label="In AWS afterwards">
      <Title order={2} mb="xs">
        In AWS afterwards
      </Title>
      <Text c="dimmed" mb="sm" maw="80ch">
        {awsCleanup.note ??
          'Gatehouse cannot take away its own way in. Run this in CloudShell once the removal is done, not before; it removes the role and the OIDC provider and nothing else.'}
      </Text>
      {awsCleanup.note !== undefined ? null : isDone ? (
        script
      ) : (
        <details>
          <summary>Keep the clean-up script for then</summary>
          {script}
        </details>
      )}
    </section>
  )
}

interface ConfirmProps {
  plugin: string
  isSource: boolean
  access: UninstallAnswer['access']
  onDone: () => void
}

function Confirm({ plugin, isSource, access, onDone }: ConfirmProps) {
  const client = useQueryClient()
  const mayDelete = useRight(rights.deletePlugins)
  const [typed, setTyped] = useState('')
  const [removeAccess, setRemoveAccess] = useState(false)
  const [anyway, setAnyway] = useState(false)
  const remove = useMutation({
    mutationFn: () =>
      uninstall(plugin, { confirm: typed, removeAccess, stillIdentitySource: isSource && anyway }),
    onSuccess: async () => {
      onDone()
      await client.invalidateQueries({ queryKey: ['awsic', plugin, 'status'] })
      await forgetResources()
      await client.invalidateQueries({ queryKey: ['integrations'] })
    },
  })
  const ready = typed === plugin && (!isSource || anyway)
  return (
    <section className="gh-panel gh-part" aria-label="Confirm">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) remove.mutate()
        }}
      >
        <Stack gap="sm" maw={640}>
          <Checkbox
            label="Also remove the access that Gatehouse made in AWS"
            description={
              access
                ? sayRemovedAccess(access)
                : 'Assignments and memberships of ours go, and people lose them. Without this they stay as they are.'
            }
            checked={removeAccess}
            onChange={(event) => setRemoveAccess(event.currentTarget.checked)}
          />
          {removeAccess && access ? <Losses access={access} /> : null}
          {isSource ? (
            <Checkbox
              label="I have read the warnings above and go on"
              checked={anyway}
              onChange={(event) => setAnyway(event.currentTarget.checked)}
            />
          ) : null}
          <TextInput
            label={`Type ${plugin} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value.trim())}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
          <FormError error={remove.error} />
          <Group>
            <Button
              type="submit"
              color="red"
              className="gh-long-button"
              loading={remove.isPending}
              disabled={!ready || !mayDelete}
            >
              {removeAccess ? `Uninstall ${plugin} and remove its access` : `Uninstall ${plugin}`}
            </Button>
            <Button component={Link} variant="default" to={pagePaths.integrations()}>
              Keep it
            </Button>
          </Group>
        </Stack>
      </form>
    </section>
  )
}
