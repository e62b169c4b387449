/** @module What the server says to the text as it stands: its problems with their lines, or what saving would do. */
import { Alert, Button, List, Loader, Stack, Text, UnstyledButton } from '@mantine/core'
import type { ChangeAnswer, DocumentProblem } from '../../api/contract.js'
import { formatCount, startUpper } from '../ui/format.js'
import { CheckIcon, InfoIcon, WarningIcon } from '../ui/Icons.js'
import { FormError } from '../ui/States.js'
import { DiffView } from './DiffView.js'
import type { Check } from './use-check.js'

interface CheckPanelProps {
  check: Check
  /** What the panel says before anything is typed. */
  idle: string
  /** A new one has no name yet: that is the next step, not a mistake. */
  unnamed?: boolean
  onGoTo: (line: number) => void
  onCompare: () => void
}

export function CheckPanel({ check: told, idle, unnamed = false, onGoTo, onCompare }: CheckPanelProps) {
  const check = unnamed ? withoutName(told) : told
  return (
    <section aria-label="Check" className="gh-check">
      <div role="status">
        <Verdict check={check} idle={idle} />
      </div>
      {check.state === 'wrong' ? <Problems check={check} onGoTo={onGoTo} /> : null}
      {check.state === 'right' ? <Changes changes={check.changes} /> : null}
      {check.state === 'stale' ? (
        <Stack gap="xs" align="flex-start" mt="xs">
          <Text size="sm">Nothing you typed is lost. Compare both before you save.</Text>
          <Button size="xs" onClick={onCompare}>
            Compare yours with theirs
          </Button>
        </Stack>
      ) : null}
    </section>
  )
}

/** The empty name is left out; where it is the only problem there is none to tell. */
function withoutName(check: Check): Check {
  if (check.state !== 'wrong') return check
  const problems = check.problems.filter(({ path }) => path !== 'metadata.name')
  if (problems.length === check.problems.length) return check
  return problems.length === 0 ? { state: 'idle' } : { ...check, problems }
}

function Verdict({ check, idle }: { check: Check; idle: string }) {
  switch (check.state) {
    case 'idle':
      return <Text c="dimmed">{idle}</Text>
    case 'checking':
      return (
        <Text c="dimmed" component="div" className="gh-verdict">
          <Loader size={14} aria-hidden="true" /> Checking …
        </Text>
      )
    case 'stale':
      return (
        <Text component="div" className="gh-verdict" fw={600}>
          <WarningIcon /> Somebody else changed this meanwhile
        </Text>
      )
    case 'wrong':
      return (
        <Text component="div" className="gh-verdict" data-wrong="true" fw={600}>
          <WarningIcon />
          {check.problems.length > 0 ? formatCount(check.problems.length, 'problem') : 'This cannot be saved'}
        </Text>
      )
    case 'right':
      return (
        <Text component="div" className="gh-verdict" data-right="true" fw={600}>
          <CheckIcon /> {describeChanges(check.changes)}
        </Text>
      )
  }
}

/** "Looks right: creates role x and user y."; where there is something to know first, no such praise. */
export function describeChanges(changes: readonly ChangeAnswer[]): string {
  const notes = new Set(changes.flatMap((change) => change.notes)).size
  const verdict =
    notes === 0 ? 'Looks right' : `Can be saved; read the ${notes === 1 ? 'note' : `${notes} notes`} first`
  const acting = changes.filter(({ action }) => action !== 'none')
  if (acting.length === 0) return `${verdict}. It says what is stored already.`
  const [first, second] = acting
  if (acting.length > 2 || !first) return `${verdict}: ${formatCount(acting.length, 'change')}.`
  const told = [first, ...(second ? [second] : [])].map(
    ({ action, kind, name }) => `${action}s ${kind.replace(/^saml_idp_/, '').replaceAll('_', ' ')} ${name}`,
  )
  return `${verdict}: ${told.join(' and ')}.`
}

function Problems({
  check,
  onGoTo,
}: {
  check: Extract<Check, { state: 'wrong' }>
  onGoTo: (line: number) => void
}) {
  if (check.problems.length === 0) return <FormError error={check.error} />
  return (
    <ul className="gh-problems" aria-label="Problems">
      {check.problems.map((problem, at) => (
        <li key={at}>
          <Problem problem={problem} onGoTo={onGoTo} />
        </li>
      ))}
    </ul>
  )
}

function Problem({ problem, onGoTo }: { problem: DocumentProblem; onGoTo: (line: number) => void }) {
  const { line, path, message } = problem
  const words = (
    <>
      {path === '' ? null : <code>{path}</code>}
      <span>{startUpper(message)}</span>
    </>
  )
  if (line === undefined) return <div className="gh-problem">{words}</div>
  return (
    <UnstyledButton className="gh-problem" onClick={() => onGoTo(line)}>
      <span className="gh-problem-line">Line {line}</span>
      {words}
    </UnstyledButton>
  )
}

function Changes({ changes }: { changes: readonly ChangeAnswer[] }) {
  const notes = changes.flatMap((change) => change.notes)
  return (
    <Stack gap="xs" mt="xs">
      <Notes notes={notes} />
      {changes.map(({ kind, name, diff, action }) => (
        <DiffView key={`${kind}/${name}`} diff={diff} label={`What ${action}s in ${name}`} />
      ))}
    </Stack>
  )
}

/** What else happens, or is worth knowing, in sentences of the server. */
export function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null
  return (
    <Alert icon={<InfoIcon />} p="xs" color="amber" role="note">
      <List size="sm" spacing={4}>
        {[...new Set(notes)].map((note) => (
          <List.Item key={note}>{startUpper(note)}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
