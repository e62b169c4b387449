/** @module Ctrl/⌘ K: one field that finds pages, resources and users, worked by arrow keys and Enter. */
import { Modal, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type KeyboardEvent } from 'react'
import { useNavigate } from 'react-router'
import { appsQuery, usersQuery } from '../api/queries.js'
import { rights, useRight } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import { SearchIcon } from '../ui/Icons.js'
import { useNavigation } from './Navigation.js'

interface Found {
  kind: 'Page' | 'Resource' | 'User'
  title: string
  to: string
  /** The gateway itself answers this path. */
  load?: true
}

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('')
  const [position, setPosition] = useState(0)
  const navigate = useNavigate()
  const found = useFound(text)
  const active = Math.min(position, found.length - 1)

  function open(item: Found | undefined): void {
    if (!item) return
    onClose()
    if (item.load) window.location.assign(item.to)
    else void navigate(item.to)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step !== 0) {
      event.preventDefault()
      setPosition((active + step + found.length) % Math.max(found.length, 1))
    }
    if (event.key === 'Enter') open(found[active])
  }

  return (
    <Modal.Root opened onClose={onClose} size="md" yOffset="12vh" centered={false}>
      <Modal.Overlay />
      <Modal.Content aria-label="Find">
        <Modal.Body p="xs">
          <TextInput
            data-autofocus
            placeholder="Find a page, resource or user"
            leftSection={<SearchIcon />}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value)
              setPosition(0)
            }}
            onKeyDown={onKeyDown}
            role="combobox"
            aria-label="Find a page, resource or user"
            aria-expanded
            aria-controls="palette-options"
            aria-activedescendant={found[active] ? `palette-${active}` : undefined}
          />
          <div id="palette-options" role="listbox" aria-label="Found" className="gh-options">
            {found.map((item, index) => (
              <div
                key={`${item.kind}-${item.to}`}
                id={`palette-${index}`}
                role="option"
                aria-selected={index === active}
                className="gh-option"
                onMouseMove={() => setPosition(index)}
                onClick={() => open(item)}
              >
                <span style={{ overflowWrap: 'anywhere' }}>{item.title}</span>
                <Text span size="xs" c="dimmed">
                  {item.kind}
                </Text>
              </div>
            ))}
          </div>
          {found.length === 0 ? (
            <Text c="dimmed" p="sm" role="status">
              Nothing found for “{text}”.
            </Text>
          ) : null}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function useFound(text: string): Found[] {
  const pages = useNavigation()
  const apps = useQuery(appsQuery)
  const mayListUsers = useRight(rights.listUsers)
  const users = useQuery({ ...usersQuery, enabled: mayListUsers })
  const all: Found[] = [
    ...pages.map(({ title, to }) => ({ kind: 'Page' as const, title, to })),
    ...(apps.data ?? [])
      .filter(({ allowed }) => allowed)
      .map(({ title, loginUrl }) => ({
        kind: 'Resource' as const,
        title,
        to: loginUrl,
        load: true as const,
      })),
    ...(users.data ?? []).map(({ name }) => ({
      kind: 'User' as const,
      title: name,
      to: pagePaths.users({ q: name }),
    })),
  ]
  const wanted = text.trim().toLowerCase()
  return all.filter(({ title }) => title.toLowerCase().includes(wanted)).slice(0, 12)
}
