/**
 * @module Where a resource of any kind is read and edited: its YAML, a form for kinds that have one, and further
 * tabs. Form and YAML edit one text; the server judges it while it is typed and when it is saved.
 */
import { Alert, Button, Group, Skeleton, Tabs, Text } from '@mantine/core'
import { lazy, Suspense, useRef, useState, type ReactNode } from 'react'
import { useSearchParams } from 'react-router'
import type { ChangeAnswer, KindAnswer, ResourceAnswer } from '../../api/contract.js'
import { forgetResources } from '../api/resources.js'
import { DeleteResource } from '../components/DeleteResource.js'
import { LiftLock } from '../components/LiftLock.js'
import { InfoIcon } from '../ui/Icons.js'
import { ActionsBar } from './ActionsBar.js'
import { CheckPanel } from './CheckPanel.js'
import { Conflict } from './Conflict.js'
import { isUnnamed, toStored } from './document.js'
import { LeaveGuard } from './LeaveGuard.js'
import { Standing } from './Standing.js'
import { useCheck } from './use-check.js'
import { useDraft } from './use-draft.js'
import { useSave } from './use-save.js'
import type { YamlEditorHandle } from './YamlEditor.js'

const YamlEditor = lazy(async () => ({ default: (await import('./YamlEditor.js')).YamlEditor }))

export interface FormTools {
  readonly text: string
  readonly onChange: (text: string) => void
  readonly isNew: boolean
}

export interface MoreTab {
  readonly value: string
  readonly title: string
  readonly content: () => ReactNode
}

interface WorkbenchProps {
  kind: KindAnswer
  /** Undefined for a new one, which starts from `initial`. */
  answer?: ResourceAnswer
  initial?: string
  /** Tells drafts of new ones apart where there are several beginnings. */
  draftName?: string
  /** `initial` is an example: it cannot be saved as it is. */
  mustChange?: boolean
  form?: (tools: FormTools) => ReactNode
  formTitle?: string
  more?: readonly MoreTab[]
  onSaved?: (changes: readonly ChangeAnswer[]) => void
  onDeleted?: () => void
}

export function Workbench({
  kind,
  answer,
  initial = '',
  draftName,
  mustChange = false,
  form,
  formTitle = 'Form',
  more = [],
  onSaved,
  onDeleted,
}: WorkbenchProps) {
  const name = answer?.name
  const title = name ?? `the new ${kind.title}`
  const mayWrite = answer === undefined || (answer.origin === 'user' && kind.verbs.includes('update'))
  const draft = useDraft({
    kind: kind.name,
    name,
    beginning: draftName,
    stored: answer && toStored(answer),
    initial,
  })
  const [aside, setAside] = useState<string>()
  const [comparing, setComparing] = useState(false)
  /** Revision of a conflict that was looked at and closed undecided. */
  const [dismissed, setDismissed] = useState<string>()
  const [deleting, setDeleting] = useState(false)
  const [done, setDone] = useState<readonly ChangeAnswer[]>()
  const save = useSave({
    kind: kind.name,
    name,
    draft,
    onSaved: (changes) => {
      setDone(changes)
      onSaved?.(changes)
    },
  })
  const checked = useCheck({
    kind: kind.name,
    name,
    revision: draft.base?.revision,
    text: draft.text,
    enabled:
      mayWrite && (draft.dirty || (answer === undefined && !mustChange)) && !save.pending && !save.isSaved(),
  })
  const check = save.refused ?? checked
  const unnamed = answer === undefined && isUnnamed(draft.text)
  const [tab, setTab] = useTab([
    ...(form && mayWrite ? ['form'] : []),
    'yaml',
    ...more.map((one) => one.value),
  ])
  const editor = useRef<YamlEditorHandle>(null)
  const line = useRef<number>(undefined)

  function goTo(target: number): void {
    line.current = target
    if (editor.current) editor.current.goTo(target)
    else setTab('yaml')
  }
  function giveUp(): void {
    setAside(draft.text)
    draft.discard()
  }
  const bench = (content: ReactNode): ReactNode => (
    <>
      <div className="gh-workbench" data-wide={!mayWrite}>
        {content}
        {mayWrite ? (
          <CheckPanel
            check={check}
            unnamed={unnamed}
            idle={
              unnamed && draft.dirty
                ? 'Give it a name; what saving would do is told here then.'
                : answer
                  ? 'Nothing changed yet. What saving would do is told here while you type.'
                  : 'This is an example. Make it yours; what saving would do is told here while you type.'
            }
            onGoTo={goTo}
            onCompare={() => setComparing(true)}
          />
        ) : null}
      </div>
      {mayWrite ? (
        <ActionsBar
          kind={kind}
          name={name}
          dirty={draft.dirty}
          check={check}
          unnamed={unnamed}
          pending={save.pending}
          onSave={() => {
            setDone(undefined)
            setAside(undefined)
            setDismissed(undefined)
            save.run()
          }}
          onDiscard={giveUp}
          onDelete={() => setDeleting(true)}
          onCompare={() => setComparing(true)}
        />
      ) : null}
    </>
  )
  return (
    <>
      <Standing kind={kind} answer={answer} mayWrite={mayWrite} done={draft.dirty ? undefined : done} />
      {draft.restored ? (
        <Notice
          text="This is what you typed before; it is not saved yet."
          action="Discard it"
          onAction={giveUp}
        />
      ) : null}
      {aside !== undefined && !draft.dirty ? (
        <Notice
          text="Your text was put aside."
          action="Bring my text back"
          onAction={() => {
            draft.setText(aside)
            setAside(undefined)
          }}
        />
      ) : null}
      <Tabs value={tab} onChange={(value) => setTab(value ?? 'yaml')} keepMounted={false}>
        {form || more.length > 0 ? (
          <Tabs.List mb="md">
            {form && mayWrite ? <Tabs.Tab value="form">{formTitle}</Tabs.Tab> : null}
            <Tabs.Tab value="yaml">YAML</Tabs.Tab>
            {more.map((one) => (
              <Tabs.Tab key={one.value} value={one.value}>
                {one.title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        ) : null}
        {form && mayWrite ? (
          <TabPanel value="form" tabs={true}>
            {bench(form({ text: draft.text, onChange: draft.setText, isNew: answer === undefined }))}
          </TabPanel>
        ) : null}
        <TabPanel value="yaml" tabs={form !== undefined || more.length > 0}>
          {bench(
            <Suspense fallback={<Skeleton h={340} role="status" aria-label="Loading the editor" />}>
              <YamlEditor
                ref={(handle) => {
                  editor.current = handle
                  if (handle && line.current !== undefined) handle.goTo(line.current)
                  line.current = undefined
                }}
                label={`YAML of ${title}`}
                text={draft.text}
                onChange={draft.setText}
                readOnly={!mayWrite}
                problems={check.state === 'wrong' ? check.problems : undefined}
              />
            </Suspense>,
          )}
        </TabPanel>
        {more.map((one) => (
          <Tabs.Panel key={one.value} value={one.value}>
            {one.content()}
          </Tabs.Panel>
        ))}
      </Tabs>
      <Conflict
        name={title}
        mine={draft.text}
        current={check.state === 'stale' ? check.current : undefined}
        opened={comparing || (save.refused?.state === 'stale' && save.refused.current.revision !== dismissed)}
        onClose={() => {
          setComparing(false)
          if (check.state === 'stale') setDismissed(check.current.revision)
        }}
        onChoose={(base, keep) => {
          setComparing(false)
          if (keep === 'theirs') setAside(draft.text)
          draft.rebase(base, keep)
          void forgetResources()
        }}
      />
      <LeaveGuard dirty={draft.dirty} mayLeave={save.isSaved} what={title} onDiscard={draft.discard} />
      {answer && kind.name === 'lock' ? (
        <LiftLock
          name={deleting ? answer.name : undefined}
          onClose={() => setDeleting(false)}
          onLifted={() => {
            draft.forget()
            onDeleted?.()
          }}
        />
      ) : answer ? (
        <DeleteResource
          opened={deleting}
          onClose={() => setDeleting(false)}
          kind={kind}
          name={answer.name}
          onDeleted={() => {
            draft.forget()
            onDeleted?.()
          }}
        />
      ) : null}
    </>
  )
}

/** A panel of a tab; where there is only one thing to show there are no tabs. */
function TabPanel({ value, tabs, children }: { value: string; tabs: boolean; children: ReactNode }) {
  return tabs ? <Tabs.Panel value={value}>{children}</Tabs.Panel> : <div>{children}</div>
}

function Notice({ text, action, onAction }: { text: string; action: string; onAction: () => void }) {
  return (
    <Alert icon={<InfoIcon />} p="xs" mb="md" role="status">
      <Group gap="sm">
        <Text size="sm">{text}</Text>
        <Button variant="default" size="compact-sm" onClick={onAction}>
          {action}
        </Button>
      </Group>
    </Alert>
  )
}

/** The open tab, in the URL; the first one needs no mention there. */
function useTab(values: readonly string[]): [string, (value: string) => void] {
  const [search, setSearch] = useSearchParams()
  const first = values[0] ?? 'yaml'
  const asked = search.get('tab') ?? first
  const tab = values.includes(asked) ? asked : first
  return [
    tab,
    (value) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before)
          if (value === first) after.delete('tab')
          else after.set('tab', value)
          return after
        },
        { replace: true, preventScrollReset: true },
      ),
  ]
}
