/**
 * @module A sign-in that was refused, or a problem that ended it: what happened, why, what to do about it, and the
 * reference by which an administrator finds it.
 */
import { Anchor, Button, Group, List, Stack, Text, Title } from '@mantine/core'
import type { PageData } from '../../api/contract.js'
import { pagePaths } from '../path-builder.js'
import { startUpper } from '../ui/format.js'
import { Reference } from '../ui/States.js'
import { SinglePage } from '../components/SinglePage.js'

/** What the reference finds: a refusal is an event; other problems only where the server says so. */
function referenceFinds(data: PageData): string {
  const audited = data.kind === 'refusal' || data.audited === true
  return audited ? 'it finds this event in the audit log' : 'it finds the cause in the gateway’s log'
}

export function Refusal({ data }: { data: PageData }) {
  const lead =
    data.kind === 'refusal' ? (
      <>
        Signed in as <b>{data.user}</b>, on the way to <b>{data.serviceProvider}</b>.
      </>
    ) : undefined
  return (
    <SinglePage title={data.title} lead={lead} width={620}>
      <Stack gap="lg">
        {data.kind === 'refusal' ? (
          <Points title="Why" points={data.reasons} />
        ) : (
          <Text style={{ overflowWrap: 'anywhere' }}>{startUpper(data.detail)}</Text>
        )}
        <Points title="What to do" points={data.advice} />
        {data.reference ? (
          <section className="gh-panel" style={{ padding: 12 }} aria-label="Reference">
            <Reference value={data.reference} />
            <Text size="xs" c="dimmed" mt={4}>
              Give it to your administrator: {referenceFinds(data)}.
            </Text>
          </section>
        ) : null}
        <Group gap="md">
          {data.retryUrl ? (
            <Button component="a" href={data.retryUrl}>
              Try this sign-in again
            </Button>
          ) : null}
          {data.kind === 'problem' && data.signInNext !== undefined ? (
            <Button component="a" href={pagePaths.signIn({ next: data.signInNext })}>
              Go to sign-in
            </Button>
          ) : (
            <Anchor href={pagePaths.resources()}>Go to Resources</Anchor>
          )}
          {data.kind === 'refusal' ? (
            <Anchor href={pagePaths.explainAccess()}>Explain what I have in an account</Anchor>
          ) : null}
        </Group>
      </Stack>
    </SinglePage>
  )
}

function Points({ title, points }: { title: string; points: readonly string[] }) {
  if (points.length === 0) return null
  return (
    <section>
      <Title order={2} mb={4}>
        {title}
      </Title>
      {points.length === 1 ? (
        <Text style={{ overflowWrap: 'anywhere' }}>{points[0]}</Text>
      ) : (
        <List spacing={4} style={{ overflowWrap: 'anywhere' }}>
          {points.map((point) => (
            <List.Item key={point}>{point}</List.Item>
          ))}
        </List>
      )}
    </section>
  )
}
