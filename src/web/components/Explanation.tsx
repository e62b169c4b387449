/** @module Why somebody may or may not open something, and what would change that: the words of the server. */
import { Drawer, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { ExplainAnswer } from '../../api/contract.js'
import { describeNoChange } from '../../api/no-single-change.js'
import { explainQuery } from '../api/access.js'
import { kindsQuery } from '../api/resources.js'
import { pagePaths, type ExplainView } from '../path-builder.js'
import { Effect } from '../ui/Effect.js'
import { formatCount, startUpper } from '../ui/format.js'
import { ErrorState } from '../ui/States.js'

interface ExplanationProps {
  view: ExplainView | undefined
  onClose: () => void
}

export function Explanation({ view, onClose }: ExplanationProps) {
  return (
    <Drawer opened={view !== undefined} onClose={onClose} position="right" size="lg" title="Why?">
      {view ? <Loaded view={view} /> : null}
    </Drawer>
  )
}

function Loaded({ view }: { view: ExplainView }) {
  const answer = useQuery(explainQuery(view))
  if (answer.isPending) return <Skeleton h={220} role="status" aria-label="Loading the explanation" />
  if (answer.error) {
    return (
      <ErrorState
        error={answer.error}
        what="It could not be explained"
        onRetry={() => void answer.refetch()}
      />
    )
  }
  return <Told answer={answer.data} />
}

const words = {
  allow: 'Allows',
  deny: 'Denies',
  no_match: 'Does not match',
  requires: 'Asks for more',
} as const

function Told({ answer }: { answer: ExplainAnswer }) {
  const { user, role, subject, effect, says, reasons, changes, moreChanges = 0 } = answer
  const stuck = describeNoChange(answer)
  const people = useQuery(kindsQuery).data?.find(({ name }) => name === 'user')
  const mayGrant = people?.verbs.includes('update') ?? false
  // A machine user is no person: its roles stand in its token.
  const person = user?.startsWith('token/') ? undefined : user
  return (
    <Stack gap="lg">
      <div>
        <Text c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {user ?? role} → {subject}
        </Text>
        <Effect effect={effect} />
        <Text fw={600} mt={4}>
          {startUpper(says)}
        </Text>
      </div>
      {reasons.length > 0 ? (
        <section aria-label="Reasons">
          <Title order={3}>What decides</Title>
          <ol className="gh-reasons">
            {reasons.map((reason, at) => (
              <li key={at} data-effect={reason.effect}>
                <div>
                  <b>{words[reason.effect]}</b>
                  {reason.role ? (
                    <>
                      {' · '}
                      <Link to={pagePaths.role(reason.role)} className="gh-row-link">
                        {reason.role}
                      </Link>{' '}
                      {reason.version}
                    </>
                  ) : null}
                  {' · '}
                  <code>{reason.rule}</code>
                </div>
                <div>{startUpper(reason.says)}</div>
              </li>
            ))}
          </ol>
        </section>
      ) : null}
      {stuck === undefined ? null : <Text>{stuck}</Text>}
      {changes.length > 0 ? (
        <section aria-label="Changes">
          <Title order={3}>{effect === 'deny' ? 'Each of these would allow it' : 'What it hangs on'}</Title>
          <ul className="gh-reasons">
            {changes.map((change, at) => (
              <li key={at}>
                {startUpper(change.says)}{' '}
                {change.role ? (
                  <Link to={pagePaths.role(change.role)} className="gh-row-link">
                    Open the role
                  </Link>
                ) : null}
                {change.kind === 'add_role' && change.role && person && mayGrant ? (
                  <>
                    {' · '}
                    <Link to={pagePaths.user(person, { add: change.role })} className="gh-row-link">
                      Add it to their roles
                    </Link>
                  </>
                ) : null}
                {change.yaml ? <pre className="gh-json">{change.yaml}</pre> : null}
              </li>
            ))}
          </ul>
          {moreChanges > 0 ? <Text c="dimmed">and {formatCount(moreChanges, 'other way')}.</Text> : null}
        </section>
      ) : null}
    </Stack>
  )
}
