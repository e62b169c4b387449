/** @module What stands where data would: an empty list, an error with its reference, a right that is missing. */
import { Alert, Box, Button, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiProblem, NetworkDown } from '../api/client.js'
import { NoPasskey } from '../api/passkeys.js'
import { sayInPage } from './field-labels.js'
import { formatWait, startUpper } from './format.js'
import { describeRight } from './kind-words.js'
import { CopyText } from './CopyText.js'
import { WarningIcon } from './Icons.js'

export function EmptyState({
  title,
  children,
  action,
}: {
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <Box className="gh-panel" p="xl">
      <Stack gap="xs" align="flex-start" maw="60ch">
        <Title order={2}>{title}</Title>
        <Text component="div" c="dimmed">
          {children}
        </Text>
        {action}
      </Stack>
    </Box>
  )
}

/** Says what went wrong, why, what to do, and by which reference it is found. */
export function ErrorState({ error, what, onRetry }: { error: unknown; what: string; onRetry?: () => void }) {
  if (error instanceof ApiProblem && error.code === 'FORBIDDEN')
    return <ForbiddenState detail={error.message} />
  const reference = error instanceof ApiProblem ? error.problem.reference : undefined
  return (
    <Alert color="red" icon={<WarningIcon />} title={what} role="alert">
      <Stack gap="xs" align="flex-start">
        <Text>{explain(error)}</Text>
        {reference ? <Reference value={reference} /> : null}
        {onRetry ? (
          <Button variant="default" size="xs" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </Stack>
    </Alert>
  )
}

export function ForbiddenState({ detail }: { detail: string }) {
  return (
    <EmptyState title="Your roles do not allow this">
      <Text>{describeForbidden(detail)}</Text>
    </EmptyState>
  )
}

/** The server's words, in those of this page where it knows the right; one advice, not two. */
export function describeForbidden(detail: string): string {
  const said = /^none of your roles allows "(\w+)" on "(\w+)"/.exec(detail)
  const what = said ? describeRight(said[1] ?? '', said[2] ?? '') : undefined
  const why = what ? `none of your roles allows ${what}` : detail.replace(/; ask an administrator .*$/, '')
  return `${startUpper(why)}. Ask an administrator for a role that does; My settings shows yours.`
}

export function Reference({ value }: { value: string }) {
  return (
    <Group gap={6}>
      <Text span size="sm">
        Reference
      </Text>
      <CopyText value={value} name="reference" />
    </Group>
  )
}

/** A refusal beside the form that caused it; it is read out when it appears. */
export function FormError({ error }: { error: unknown }) {
  if (!error) return null
  const reference = error instanceof ApiProblem ? error.problem.reference : undefined
  return (
    <Alert color="red" icon={<WarningIcon />} role="alert" p="sm">
      <Text>{explain(error)}</Text>
      {reference && error instanceof ApiProblem && error.problem.status >= 500 ? (
        <Reference value={reference} />
      ) : null}
    </Alert>
  )
}

export function explain(error: unknown): string {
  if (error instanceof NetworkDown) {
    return 'The gateway cannot be reached. Check your connection; nothing was changed.'
  }
  if (error instanceof ApiProblem) {
    const { code, detail, retryAfterSeconds, fields } = error.problem
    if (code === 'TOO_MANY_ATTEMPTS' && retryAfterSeconds !== undefined) {
      return `Too many attempts. Wait ${formatWait(retryAfterSeconds)}, then try again.`
    }
    const wrong = fields?.map(({ path, message }) => `${path.replace(/^body\./, '')}: ${message}`) ?? []
    return [detail, ...wrong].map((said) => startUpper(sayInPage(said))).join(' · ')
  }
  if (error instanceof NoPasskey) return error.message
  return 'This page failed. Load it again; if it fails again, tell an administrator what you did.'
}
