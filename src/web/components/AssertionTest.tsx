/** @module Test mode of a service provider: the assertion that a person would get, without a sign-in. */
import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { TestAssertionAnswer } from '../../api/contract.js'
import { problemsOf } from '../api/resources.js'
import { testAssertion, type TestedProvider } from '../api/service-providers.js'
import { rights, useRight } from '../api/session.js'
import { NameField } from '../forms/NameField.js'
import { describeAttribute } from '../ui/attribute-words.js'
import { CopyText } from '../ui/CopyText.js'
import { Effect } from '../ui/Effect.js'
import { startUpper } from '../ui/format.js'
import { FormError } from '../ui/States.js'

export function AssertionTest({ of }: { of: TestedProvider }) {
  const mayRead = useRight(rights.readUsers)
  const [user, setUser] = useState('')
  const test = useMutation({ mutationFn: () => testAssertion(user.trim(), of) })
  if (!mayRead) {
    return (
      <Text c="dimmed">This shows what is known of a person, and your roles do not let you read people.</Text>
    )
  }
  return (
    <Stack gap="md">
      {/* No form of its own: it may stand inside another one. */}
      <Group align="flex-end" gap="sm">
        <div
          style={{ flex: '1 1 240px', maxWidth: 380 }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && user.trim() !== '' && !event.defaultPrevented) test.mutate()
          }}
        >
          <NameField kind="user" label="Person" value={user} onChange={setUser} />
        </div>
        <Button
          variant="default"
          onClick={() => test.mutate()}
          loading={test.isPending}
          disabled={user.trim() === ''}
        >
          Show the assertion
        </Button>
      </Group>
      <Text size="sm" c="dimmed">
        Nobody signs in: nothing is signed, sent or written to the audit log.
      </Text>
      {test.error ? <Refused error={test.error} /> : null}
      {test.data ? <Tested answer={test.data} /> : null}
    </Stack>
  )
}

function Refused({ error }: { error: unknown }) {
  const problems = problemsOf(error) ?? []
  return (
    <>
      <FormError error={error} />
      {problems.length > 1 ? (
        <ul>
          {problems.map(({ path, message }, at) => (
            <li key={at}>
              <code>{path}</code> {startUpper(message)}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}

function Tested({ answer }: { answer: TestAssertionAnswer }) {
  const { user, effect, says, nameId, attributes, omitted, acsUrl, xml } = answer
  return (
    <section aria-label={`Assertion of ${user}`} role="status">
      <Stack gap="sm">
        <div>
          <Effect effect={effect} />
          <Text mt={4}>{says}</Text>
        </div>
        <dl className="gh-facts">
          <dt>NameID</dt>
          <dd>
            <CopyText value={nameId.value} name="NameID" />
            <Text size="xs" c="dimmed">
              {nameId.format}
            </Text>
          </dd>
          <dt>Posted to</dt>
          <dd>{acsUrl}</dd>
        </dl>
        <Attributes attributes={attributes} />
        {omitted.length > 0 ? (
          <div>
            <Text fw={600}>Left out</Text>
            <ul className="gh-reasons">
              {omitted.map(({ name, says: why }) => (
                <li key={name}>
                  <AttributeName name={name} />
                  <Text size="sm">{startUpper(why)}</Text>
                </li>
              ))}
            </ul>
          </div>
        ) : null}
        {xml === '' ? null : (
          <details>
            <summary>Assertion as XML, unsigned</summary>
            <pre className="gh-json" tabIndex={0} role="region" aria-label="Assertion as XML">
              {xml}
            </pre>
          </details>
        )}
      </Stack>
    </section>
  )
}

/** In words first, where the name is a number. */
function AttributeName({ name }: { name: string }) {
  const words = describeAttribute(name)
  if (words === undefined) return <code>{name}</code>
  return (
    <>
      {words}
      <Text size="xs" c="dimmed">
        <code>{name}</code>
      </Text>
    </>
  )
}

function Attributes({ attributes }: Pick<TestAssertionAnswer, 'attributes'>) {
  if (attributes.length === 0) return <Text c="dimmed">It says nothing of the person beside the NameID.</Text>
  return (
    <div className="gh-table-frame" tabIndex={0} role="region" aria-label="Attributes told">
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Attribute</Table.Th>
            <Table.Th scope="col">Values</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attributes.map(({ name, nameFormat, values }) => (
            <Table.Tr key={name}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <AttributeName name={name} />
                <Text size="xs" c="dimmed">
                  {nameFormat.replace(/^.*:/, '')}
                </Text>
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {values.map((value) => (
                    <Badge key={value} color="gray" ff="monospace" className="gh-label">
                      {value}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}
