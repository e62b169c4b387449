/** @module Ctrl/⌘ K: one field that finds pages, people, roles, accounts and actions, worked by arrow keys and Enter. */
import { Modal, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type KeyboardEvent } from 'react'
import { useNavigate } from 'react-router'
import { sessionQuery } from '../api/queries.js'
import { SearchIcon } from '../ui/Icons.js'
import { addRecent, findRecent } from './palette-recent.js'
import { keyOf, useSearch, type Found, type PaletteMode } from './palette-search.js'

const prompts: Readonly<Record<PaletteMode, string>> = {
  all: 'Find a page, person, list, role or account',
  lock: 'Lock whom? Find a person',
}

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string>()
  const [mode, setMode] = useState<PaletteMode>('all')
  const navigate = useNavigate()
  const user = useQuery(sessionQuery).data?.user?.name ?? ''
  const { found: matching, first, searching } = useSearch(text, mode)
  const recent =
    text === '' && mode === 'all' ? findRecent(user).map((item) => ({ ...item, recent: true })) : []
  const found: readonly (Found & { recent?: boolean })[] = [
    ...recent,
    ...matching.filter(({ to }) => recent.every((item) => item.to !== to)),
  ]
  // What is found later may come to stand before what is chosen: Enter still opens what it was on.
  const begin = recent[0] ?? first
  if (chosen === undefined && begin !== undefined) setChosen(keyOf(begin))
  const active = Math.max(
    found.findIndex((item) => keyOf(item) === chosen),
    0,
  )

  function open(item: Found | undefined): void {
    if (!item) return
    if (item.then) {
      setMode(item.then)
      setText('')
      setChosen(undefined)
      return
    }
    if (item.kind !== 'Page' && mode === 'all') addRecent(user, item)
    onClose()
    if (item.load) window.location.assign(item.to)
    else void navigate(item.to)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      const next = (active + step + found.length) % Math.max(found.length, 1)
      const item = found[next]
      if (item) setChosen(keyOf(item))
      document.getElementById(`palette-${next}`)?.scrollIntoView({ block: 'nearest' })
    }
    if (event.key === 'Enter') open(found[active])
    if (event.key === 'Backspace' && text === '' && mode !== 'all') {
      setMode('all')
      setChosen(undefined)
    }
  }

  return (
    <Modal.Root opened onClose={onClose} size="lg" yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Find">
        <Modal.Body p="xs">
          <TextInput
            data-autofocus
            placeholder={prompts[mode]}
            leftSection={<SearchIcon />}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value)
              setChosen(undefined)
            }}
            onKeyDown={onKeyDown}
            role="combobox"
            aria-label={prompts[mode]}
            aria-expanded
            aria-controls="palette-options"
            aria-activedescendant={found[active] ? `palette-${active}` : undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
          <div
            id="palette-options"
            role="listbox"
            aria-label="Found"
            aria-busy={searching}
            className="gh-options"
          >
            {found.map((item, index) => (
              <div
                key={keyOf(item)}
                id={`palette-${index}`}
                role="option"
                aria-selected={index === active}
                className="gh-option"
                onMouseMove={() => setChosen(keyOf(item))}
                onClick={() => open(item)}
              >
                <span style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
                  {item.title}
                  {item.more ? (
                    <Text size="xs" c="dimmed" lineClamp={1}>
                      {item.more}
                    </Text>
                  ) : null}
                </span>
                <Text span size="xs" c="dimmed" style={{ flexShrink: 0 }}>
                  {item.recent ? `${item.kind}, recent` : item.kind}
                </Text>
              </div>
            ))}
          </div>
          {found.length === 0 ? (
            <Text c="dimmed" p="sm" role="status">
              {searching ? 'Searching …' : `Nothing found for “${text}”.`}
            </Text>
          ) : null}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
