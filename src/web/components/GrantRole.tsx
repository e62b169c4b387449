/** @module From a role to whom it is granted: finds a person and opens their roles with this one added, not saved. */
import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { kindsQuery } from '../api/resources.js'
import { NameField } from '../forms/NameField.js'
import { pagePaths } from '../path-builder.js'

export function GrantRole({ role }: { role: string }) {
  const people = useQuery(kindsQuery).data?.find(({ name }) => name === 'user')
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)
  const [person, setPerson] = useState('')
  const name = person.trim()
  if (!people?.verbs.includes('update')) return null
  if (!asking) {
    return (
      <Button variant="default" size="xs" onClick={() => setAsking(true)}>
        Grant to a person …
      </Button>
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name !== '') void navigate(pagePaths.user(name, { add: role }))
      }}
    >
      <Group gap="sm" align="flex-end">
        <NameField kind="user" label={`Grant ${role} to`} value={person} onChange={setPerson} />
        <Button type="submit" disabled={name === ''}>
          Open their roles
        </Button>
      </Group>
    </form>
  )
}
