/** @module Before the identity source changes: for each person whether they would still get in, the worst first. */
import {
  Alert,
  Badge,
  Button,
  Group,
  List,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { PreflightAnswer } from '../../api/contract/identity-center.js'
import { preflightQuery } from '../api/identity-center.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { CheckIcon, SearchIcon, WarningIcon } from '../ui/Icons.js'
import { verdictWords } from '../ui/identity-center-words.js'
import { ErrorState } from '../ui/States.js'

const shownAtOnce = 100
const pauseMs = 250

export function Preflight({ plugin }: { plugin: string }) {
  const [search, setSearch] = useState('')
  const [show, setShow] = useState<'concerns' | 'all'>('concerns')
  const preflight = useQuery(preflightQuery(plugin, { search, show }))
  return (
    <section className="gh-panel gh-part" aria-label="Pre-flight">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Pre-flight: who gets in after the change</Title>
        <Button
          variant="default"
          size="xs"
          onClick={() => void preflight.refetch()}
          loading={preflight.isFetching}
        >
          Check again
        </Button>
      </Group>
      {preflight.isPending ? (
        <Skeleton h={200} role="status" aria-label="Comparing people here and in AWS" />
      ) : preflight.data ? (
        <Checked
          answer={preflight.data}
          view={{ search, show }}
          onView={(view) => {
            setSearch(view.search)
            setShow(view.show)
          }}
        />
      ) : (
        <ErrorState
          error={preflight.error}
          what="The pre-flight could not be made"
          onRetry={() => void preflight.refetch()}
        />
      )}
    </section>
  )
}

interface View {
  readonly search: string
  readonly show: 'concerns' | 'all'
}
interface ViewProps {
  view: View
  onView: (view: View) => void
}

function Checked({ answer, view, onView }: { answer: PreflightAnswer } & ViewProps) {
  const { ready, says, administrator, certificate, howToGoBack } = answer
  return (
    <Stack gap="md">
      <Verdict ok={ready} title={ready ? 'Ready' : 'Not ready yet'}>
        {says}
      </Verdict>
      <Verdict ok={administrator.ok} title={`You, ${administrator.user}`}>
        {administrator.says}
        {administrator.reasons.length > 0 ? (
          <List mt={4}>
            {administrator.reasons.map((reason) => (
              <List.Item key={reason}>{reason}</List.Item>
            ))}
          </List>
        ) : null}
      </Verdict>
      {certificate.ok ? (
        <Text size="sm">{certificate.says}</Text>
      ) : (
        <Verdict ok={false} title="Our certificate">
          {certificate.says}
        </Verdict>
      )}
      <People answer={answer} view={view} onView={onView} />
      <HowToGoBack steps={howToGoBack} />
    </Stack>
  )
}

function Verdict({ ok, title, children }: { ok: boolean; title: string; children: React.ReactNode }) {
  return (
    <Alert
      color={ok ? 'green' : 'amber'}
      icon={ok ? <CheckIcon /> : <WarningIcon />}
      title={title}
      role={ok ? 'status' : 'alert'}
    >
      {children}
    </Alert>
  )
}

function People({
  answer: { users, total, counts, onlyHere = 0 },
  view,
  onView,
}: { answer: PreflightAnswer } & ViewProps) {
  const [text, setText] = useState(view.search)
  const [all, setAll] = useState(false)
  const search = useDebouncedCallback((value: string) => onView({ ...view, search: value.trim() }), pauseMs)
  const shown = all ? users : users.slice(0, shownAtOnce)
  const fine = (counts['ok'] ?? 0) - onlyHere
  const rest = `${fine.toLocaleString('en')} in Identity Center fine${onlyHere === 0 ? '' : `, ${onlyHere.toLocaleString('en')} only here yet`}`
  return (
    <div>
      <div className="gh-list-tools">
        <TextInput
          aria-label="Search people"
          placeholder="Search people"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            search(event.currentTarget.value)
          }}
          style={{ flex: '0 1 320px' }}
        />
        <SegmentedControl
          aria-label="Which people"
          data={[
            { value: 'concerns', label: 'With something to say' },
            { value: 'all', label: 'Everybody' },
          ]}
          value={view.show}
          onChange={(value) => onView({ ...view, show: value === 'all' ? 'all' : 'concerns' })}
        />
        <Text c="dimmed" size="sm" role="status">
          {total === 0
            ? `Nobody here${view.show === 'all' ? '' : ` with something to say; ${rest}`}`
            : `${total.toLocaleString('en')} ${total === 1 ? 'person' : 'people'} shown; ${rest}`}
        </Text>
      </div>
      <div className="gh-table-frame" tabIndex={0} role="region" aria-label="People">
        <Table verticalSpacing={6} className="gh-stacked-table">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Person</Table.Th>
              <Table.Th scope="col">Verdict</Table.Th>
              <Table.Th scope="col">Why, and what to do</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(({ userName, verdict, says, remedy }) => (
              <Table.Tr key={`${userName} ${verdict}`}>
                <Table.Td>
                  <BreakableName value={userName} />
                </Table.Td>
                <Table.Td>
                  <Badge color={verdictWords[verdict].color} miw="max-content">
                    {verdictWords[verdict].text}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  {says}
                  <Remedy userName={userName} verdict={verdict} remedy={remedy} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {shown.length < users.length ? (
        <Button mt="sm" variant="default" size="xs" onClick={() => setAll(true)}>
          Show {users.length.toLocaleString('en')}
        </Button>
      ) : null}
      {all && users.length < total ? (
        <Text size="sm" c="dimmed" mt="xs">
          The first {users.length.toLocaleString('en')} of {total.toLocaleString('en')}; search for the
          others.
        </Text>
      ) : null}
    </div>
  )
}

/** What to do, with the way there where this gateway has one. */
function Remedy({
  userName,
  verdict,
  remedy,
}: Pick<PreflightAnswer['users'][number], 'userName' | 'verdict' | 'remedy'>) {
  const mayInvite = useRight(rights.inviteUsers)
  if (remedy === undefined) return null
  const isMissing = verdict === 'would_lose_access' || verdict === 'no_gatehouse_user'
  const to =
    isMissing && mayInvite
      ? { path: pagePaths.users({ invite: userName }), text: `Invite ${userName}` }
      : verdict === 'no_password' || verdict === 'roles_refuse'
        ? { path: pagePaths.user(userName), text: `Open ${userName}` }
        : undefined
  return (
    <Text size="sm" c="dimmed">
      {isMissing && to ? null : `${remedy} `}
      {to ? (
        <Link to={to.path} className="gh-row-link">
          <BreakableName value={to.text} />
        </Link>
      ) : null}
    </Text>
  )
}

function HowToGoBack({ steps }: { steps: readonly string[] }) {
  if (steps.length === 0) return null
  return (
    <details className="gh-guide">
      <summary>How to go back</summary>
      <List type="ordered" mt="xs" maw="80ch">
        {steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
    </details>
  )
}
