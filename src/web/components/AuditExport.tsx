/**
 * @module Takes the events of the view out as a file, or makes the evidence pack of a period: what it will hold is said
 * first, progress is shown while it comes, and it can be stopped.
 */
import { Alert, Button, Group, Modal, Progress, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { auditFirstHeader, auditLastHeader } from '../../api/contract.js'
import { createExportProgress } from '../../core/audit/export-progress.js'
import { getFile } from '../api/client.js'
import { apiPaths, type AuditView } from '../path-builder.js'
import { formatCount, fromLocalInput, toLocalInput } from '../ui/format.js'
import { ErrorState } from '../ui/States.js'

type Kind = 'jsonl' | 'csv' | 'evidence'

type Running =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly share: number | undefined; readonly events: number }
  | { readonly state: 'done'; readonly file: string; readonly events: number }
  | { readonly state: 'failed'; readonly error: unknown }

const dayMs = 86_400_000

export function AuditExport({ view }: { view: AuditView }) {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>
        Export
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title="Export the audit log"
        size="lg"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {opened ? <ExportForm view={view} /> : null}
      </Modal>
    </>
  )
}

function ExportForm({ view }: { view: AuditView }) {
  const { details: _, uid: __, ...filters } = view
  const filtered = Object.values(filters).some((value) => value !== undefined)
  const [kind, setKind] = useState<Kind>('jsonl')
  const [period, setPeriod] = useState(() => lastMonth(view))
  const [running, setRunning] = useState<Running>({ state: 'idle' })
  const stop = useRef<AbortController | undefined>(undefined)
  // Whoever closes the dialog does not want the file any more.
  useEffect(() => () => stop.current?.abort(), [])

  async function start(): Promise<void> {
    const controller = new AbortController()
    stop.current = controller
    const format = kind === 'evidence' ? undefined : kind
    const url = format === undefined ? apiPaths.auditEvidence(period) : apiPaths.auditExport(filters, format)
    let progress = createExportProgress(format ?? 'csv', { first: 1, last: 0 })
    let shown = -1
    setRunning({ state: 'running', share: undefined, events: 0 })
    try {
      const blob = await getFile(url, {
        signal: controller.signal,
        onStart: (headers) => {
          const first = Number(headers.get(auditFirstHeader) ?? 1)
          const last = Number(headers.get(auditLastHeader) ?? 0)
          progress = createExportProgress(format ?? 'csv', { first, last })
        },
        onBytes: (bytes) => {
          if (format === undefined) return
          progress.take(bytes)
          const percent = Math.floor(progress.share * 100)
          if (percent === shown) return
          shown = percent
          setRunning({ state: 'running', share: percent, events: progress.events })
        },
      })
      const file = format === undefined ? `evidence-${period.from.slice(0, 10)}.zip` : `audit.${format}`
      save(blob, file)
      setRunning({ state: 'done', file, events: progress.events })
    } catch (error) {
      setRunning(controller.signal.aborted ? { state: 'idle' } : { state: 'failed', error })
    }
  }
  const isRunning = running.state === 'running'
  return (
    <Stack>
      <Radio.Group
        label="What to take out"
        value={kind}
        onChange={(value) => {
          setKind(value)
          setRunning({ state: 'idle' })
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="jsonl"
            disabled={isRunning}
            label="Events as JSON lines"
            description={
              filtered
                ? 'The events of the filters that are set. A selection proves nothing by itself: clear the filters for a file that can be verified.'
                : 'All events with signed heads and keys: "gatehouse audit verify --file" proves it without the gateway.'
            }
          />
          <Radio
            value="csv"
            disabled={isRunning}
            label="Events as CSV"
            description={`For spreadsheets: ${filtered ? 'the events of the filters that are set' : 'all events'}.`}
          />
          <Radio
            value="evidence"
            disabled={isRunning}
            label="Evidence pack of a period"
            description="For auditors: grants, decisions, reviews and exceptions as tables, with the events that prove them, signed. Filters do not count."
          />
        </Stack>
      </Radio.Group>
      {kind === 'evidence' ? (
        <Group grow align="flex-start">
          {(['from', 'to'] as const).map((end) => (
            <TextInput
              key={end}
              type="datetime-local"
              label={end === 'from' ? 'From' : 'To (before)'}
              value={toLocalInput(period[end])}
              disabled={isRunning}
              onChange={(event) => {
                const value = fromLocalInput(event.currentTarget.value)
                if (value !== undefined) setPeriod((old) => ({ ...old, [end]: value }))
              }}
            />
          ))}
        </Group>
      ) : null}
      <Outcome running={running} onRetry={() => void start()} />
      <Group justify="flex-end">
        {isRunning ? (
          <Button variant="default" onClick={() => stop.current?.abort()}>
            Cancel
          </Button>
        ) : (
          <Button onClick={() => void start()}>
            {kind === 'evidence' ? 'Make evidence pack' : `Export ${filtered ? 'these' : 'all'} events`}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function Outcome({ running, onRetry }: { running: Running; onRetry: () => void }) {
  switch (running.state) {
    case 'idle':
      return null
    case 'running':
      return (
        <Stack gap={4}>
          <Progress
            value={running.share ?? 100}
            animated={running.share === undefined}
            aria-label="Progress of the export"
          />
          <Text size="sm" c="dimmed" role="status">
            {running.share === undefined
              ? 'Collecting …'
              : `${running.share}%, ${formatCount(running.events, 'event')}`}
          </Text>
        </Stack>
      )
    case 'done':
      return (
        <Alert color="green" role="status">
          {running.file} is saved
          {running.file.endsWith('.zip') ? '' : `: ${formatCount(running.events, 'event')}`}.
        </Alert>
      )
    case 'failed':
      return <ErrorState error={running.error} what="The export failed" onRetry={onRetry} />
  }
}

/** The time of the view, or the thirty days until now. */
function lastMonth({ from, to }: AuditView): { readonly from: string; readonly to: string } {
  const end = to ?? new Date(Date.now() - 60_000).toISOString()
  return { from: from ?? new Date(Date.parse(end) - 30 * dayMs).toISOString(), to: end }
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
