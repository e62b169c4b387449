/** @module Who gains and who loses what: for each person the access that goes on the left, the one that comes on the right. */
import { Badge, Button, SegmentedControl, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import type { PlanAnswer } from '../../api/contract/identity-center-plan.js'
import { BreakableName } from '../ui/BreakableName.js'
import { ArrowIcon, SearchIcon } from '../ui/Icons.js'
import { groupRows } from '../ui/identity-center-words.js'

type EffectRow = PlanAnswer['effects'][number]

const shownAtOnce = 30

export function PlanEffects({ effects, more }: { effects: PlanAnswer['effects']; more: number }) {
  const [text, setText] = useState('')
  const [only, setOnly] = useState<string>('all')
  const [all, setAll] = useState(false)
  if (effects.length === 0) return null
  const wanted = text.trim().toLowerCase()
  const found = effects.filter(
    ({ change, person, account, permissionSet }) =>
      (only === 'all' || only === change) &&
      `${person} ${account} ${permissionSet}`.toLowerCase().includes(wanted),
  )
  const people = groupRows(found, ({ person }) => person)
  const shown = all ? people : people.slice(0, shownAtOnce)
  return (
    <section aria-label="Who gains and who loses">
      <Title order={2} mb="xs">
        Who gains and who loses
      </Title>
      <div className="gh-list-tools">
        <TextInput
          aria-label="Search person, account or permission set"
          placeholder="Search"
          leftSection={<SearchIcon />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: '0 1 320px' }}
        />
        <SegmentedControl
          aria-label="Which effects"
          data={[
            { value: 'all', label: 'All' },
            { value: 'loses', label: 'Loses' },
            { value: 'gains', label: 'Gains' },
          ]}
          value={only}
          onChange={setOnly}
        />
        <Text size="sm" c="dimmed" role="status">
          {people.length.toLocaleString('en')} {people.length === 1 ? 'person' : 'people'}
        </Text>
      </div>
      <ul className="gh-panel gh-effects" aria-label="People">
        {shown.map(({ key, rows }) => (
          <li key={key}>
            <div className="gh-effect-person">
              <BreakableName value={key} />
            </div>
            <Side title="Before" rows={rows.filter(({ change }) => change !== 'gains')} sign="−" />
            <span className="gh-effect-arrow" aria-hidden="true">
              <ArrowIcon />
            </span>
            <Side title="After" rows={rows.filter(({ change }) => change !== 'loses')} sign="+" />
          </li>
        ))}
        {shown.length === 0 ? (
          <li>
            <Text>Nobody matches.</Text>
          </li>
        ) : null}
      </ul>
      {shown.length < people.length ? (
        <Button mt="sm" variant="default" size="xs" onClick={() => setAll(true)}>
          Show all {people.length.toLocaleString('en')}
        </Button>
      ) : null}
      {more > 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          {more.toLocaleString('en')} further effects are not listed; the actions above cover them.
        </Text>
      ) : null}
    </section>
  )
}

function Side({ title, rows, sign }: { title: string; rows: readonly EffectRow[]; sign: string }) {
  return (
    <div className="gh-effect-side">
      <span className="gh-path-kind">{title}</span>
      {rows.length === 0 ? <span className="gh-effect-none">nothing that changes</span> : null}
      {rows.map(({ account, permissionSet, through, change, held }) => (
        <span
          key={`${account} ${permissionSet} ${through}`}
          className="gh-effect-access"
          data-change={change}
        >
          <span>
            <b>
              <span aria-hidden="true">{change === 'moves' ? '' : `${sign} `}</span>
              <BreakableName value={permissionSet} />
            </b>{' '}
            in <BreakableName value={account} />
            {held ? (
              <Badge color="amber" ml={6}>
                held
              </Badge>
            ) : null}
          </span>
          <span className="gh-path-kind">
            {change === 'loses' ? 'lost: ' : change === 'gains' ? 'gained: ' : 'stays: '}
            {through}
          </span>
        </span>
      ))}
    </div>
  )
}
