/** @module An AWS account in the picker, with its permission sets: what one has there, may ask for, or may not and why. */
import { ActionIcon, Badge, Button, Checkbox, Text } from '@mantine/core'
import { useState } from 'react'
import type { PickerAccount } from '../../api/contract/access-requests.js'
import { BreakableName } from '../ui/BreakableName.js'
import { Countdown } from '../ui/Countdown.js'
import { CopyText } from '../ui/CopyText.js'
import { StarIcon } from '../ui/Icons.js'
import { keyOf, type BasketItem } from './basket.js'

type PermissionSet = PickerAccount['permissionSets'][number]

/** What is shown of an account before somebody asks for more. */
const fewSets = 6

export interface Chosen {
  readonly has: (key: string) => boolean
  readonly toggle: (item: BasketItem) => void
  readonly isFavourite: (key: string) => boolean
  readonly setFavourite: (item: BasketItem, favourite: boolean) => void
}

export function AccountCard({ entry, chosen }: { entry: PickerAccount; chosen: Chosen }) {
  const { account, permissionSets } = entry
  const [all, setAll] = useState(false)
  const headId = `account-${account.id}`
  const shown = all ? permissionSets : permissionSets.slice(0, fewSets)
  // What is ticked never hides.
  const ticked = all
    ? []
    : permissionSets.slice(fewSets).filter((set) => chosen.has(keyOf(itemOf(account, set).input)))
  const hidden = permissionSets.length - shown.length - ticked.length
  return (
    <section className="gh-panel gh-account" aria-labelledby={headId}>
      <div className="gh-account-title">
        <h2 id={headId}>
          <BreakableName value={account.name} />
        </h2>
        <CopyText value={account.id} name={`id of ${account.name}`} />
        {account.ouPath === undefined ? null : (
          <Text size="xs" c="dimmed">
            {account.ouPath}
          </Text>
        )}
        {Object.entries(account.tags).map(([key, value]) => (
          <Badge key={key} color="gray" size="sm" className="gh-label">
            {key}: {value}
          </Badge>
        ))}
      </div>
      <ul className="gh-picks" aria-labelledby={headId}>
        {[...shown, ...ticked].map((set) => (
          <SetRow key={set.arn} account={account} set={set} chosen={chosen} />
        ))}
      </ul>
      {hidden > 0 || all ? (
        <Button
          variant="subtle"
          size="compact-sm"
          ml={8}
          mb={6}
          onClick={() => setAll(!all)}
          aria-expanded={all}
        >
          {all ? 'Show fewer' : `Show ${hidden.toLocaleString('en')} more`}
          <span className="gh-hidden"> permission sets of {account.name}</span>
        </Button>
      ) : null}
    </section>
  )
}

function itemOf({ id, name, ouPath }: PickerAccount['account'], set: PermissionSet): BasketItem {
  return {
    input: { kind: 'assignment', account: id, permissionSet: set.arn },
    title: `${set.name} on ${name}`,
    more: [id, ouPath].filter(Boolean).join(' · '),
  }
}

interface SetRowProps {
  account: PickerAccount['account']
  set: PermissionSet
  chosen: Chosen
}

function SetRow({ account, set, chosen }: SetRowProps) {
  const item = itemOf(account, set)
  const key = keyOf(item.input)
  const isChosen = chosen.has(key)
  const isFavourite = chosen.isFavourite(key)
  // What only a request gives may be asked for again before it ends.
  const mayAsk = set.state === 'requestable' || (set.state === 'have' && set.until !== undefined)
  const saysId = `says-${account.id}-${set.arn.split('/').at(-1)}`
  return (
    <li className="gh-pick" data-state={set.state} data-chosen={isChosen}>
      <Checkbox
        checked={isChosen}
        disabled={!mayAsk && !isChosen}
        onChange={() => chosen.toggle(item)}
        aria-label={item.title}
        aria-describedby={saysId}
        label={<BreakableName value={set.name} />}
        className="gh-pick-box"
      />
      <div className="gh-pick-says">
        {set.description ? (
          <Text size="xs" c="dimmed" lineClamp={1}>
            {set.description}
          </Text>
        ) : null}
        <Text size="xs" c="dimmed" id={saysId}>
          {set.state === 'have' ? 'You have it ' : ''}
          {set.says}
          {set.until === undefined ? null : (
            <>
              {' '}
              (<Countdown to={set.until} /> left)
            </>
          )}
        </Text>
      </div>
      {set.portalUrl === undefined ? null : (
        <Button
          component="a"
          href={set.portalUrl}
          target="_blank"
          rel="noreferrer"
          variant="default"
          size="compact-sm"
          aria-label={`Open ${item.title} in AWS`}
        >
          Open in AWS
        </Button>
      )}
      <ActionIcon
        onClick={() => chosen.setFavourite(item, !isFavourite)}
        aria-pressed={isFavourite}
        aria-label={`Favourite ${item.title}`}
        className="gh-star"
      >
        <StarIcon filled={isFavourite} />
      </ActionIcon>
    </li>
  )
}
