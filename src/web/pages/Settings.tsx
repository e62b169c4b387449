/** @module My settings: what the gateway knows of the person, their password, second factors and sessions. */
import { Badge, SegmentedControl, Skeleton, Stack, Text, Title, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'react-router'
import type { MeAnswer } from '../../api/contract.js'
import { meQuery } from '../api/queries.js'
import { FactorList } from '../components/FactorList.js'
import { OwnDevices } from '../components/OwnDevices.js'
import { RecoveryCodes } from '../components/RecoveryCodes.js'
import { SessionList } from '../components/SessionList.js'
import { ChangePassword } from '../forms/ChangePassword.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { RelativeTime } from '../ui/RelativeTime.js'
import { ErrorState } from '../ui/States.js'

export function Settings() {
  const me = useQuery(meQuery)
  return (
    <>
      <PageTitle title="My settings" />
      {me.isPending ? (
        <Skeleton h={320} role="status" aria-label="Loading settings" />
      ) : me.error ? (
        <ErrorState
          error={me.error}
          what="Your settings could not be read"
          onRetry={() => void me.refetch()}
        />
      ) : (
        <Stack gap="lg" maw={820}>
          <Section
            title="Account"
            lead="Set by administrators and connectors; roles and AWS attributes rest on it."
          >
            <Account me={me.data} />
          </Section>
          <Section
            title="Password"
            lead={
              me.data.passwordChangedAt ? (
                <>
                  Last changed <RelativeTime at={me.data.passwordChangedAt} />. Changing it ends your other
                  sessions.
                </>
              ) : (
                'You have no password here.'
              )
            }
          >
            {me.data.passwordChangedAt ? <ChangePassword user={me.data.name} /> : null}
          </Section>
          <Section
            title="Second factors"
            lead="A passkey, or a code from an authenticator app: asked at sign-in and by applications that need it."
          >
            <FactorList
              factors={me.data.factors}
              factorKinds={me.data.factorKinds}
              recovering={me.data.recovering}
            />
          </Section>
          <Section
            title="Recovery codes"
            lead="For the day when your second factors are lost: each signs you in once, after your password."
          >
            <RecoveryCodes factors={me.data.factors} recoveryCodes={me.data.recoveryCodes} />
          </Section>
          <Section
            title="Devices"
            lead="Machines of the company that vouch for you where an application needs a trusted device."
          >
            <OwnDevices />
          </Section>
          <Section
            title="Sessions"
            lead="Browsers and command lines that are signed in as you. End one that you do not know, then change your password."
          >
            <SessionList />
          </Section>
          <Section title="Colours" lead="Kept in this browser.">
            <Colours />
          </Section>
        </Stack>
      )}
    </>
  )
}

function Section({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <section className="gh-panel" style={{ padding: 20 }} aria-label={title}>
      <Title order={2}>{title}</Title>
      <Text c="dimmed" mb={children ? 'md' : 0}>
        {lead}
      </Text>
      {children}
    </section>
  )
}

function Account({ me }: { me: MeAnswer }) {
  const traits = Object.entries(me.traits)
  return (
    <dl className="gh-facts">
      <dt>User name</dt>
      <dd>{me.name}</dd>
      <dt>Roles</dt>
      <dd>
        {me.roles.length > 0 ? (
          <ul className="gh-plain-list" aria-label="Roles">
            {me.roleSources.map((source) => (
              <li key={source.role}>
                <Badge color="gray" ff="monospace">
                  {source.role}
                </Badge>{' '}
                <Text span size="xs" c="dimmed">
                  <RoleSource source={source} />
                </Text>
              </li>
            ))}
          </ul>
        ) : (
          'none: ask an administrator for a role'
        )}
      </dd>
      <dt>Traits</dt>
      <dd>
        {traits.length === 0
          ? 'none'
          : traits.map(([name, values]) => (
              <div key={name}>
                <code>{name}</code>: {values.join(', ')}
              </div>
            ))}
      </dd>
    </dl>
  )
}

/** Where a role comes from: whoever wants to lose it, or to keep it, knows whom to ask. */
function RoleSource({ source: { isOwn, lists, byRequest } }: { source: MeAnswer['roleSources'][number] }) {
  return (
    <>
      {isOwn ? 'your own' : null}
      {lists.map(({ name, title, side }, at) => (
        <Fragment key={`${side} ${name}`}>
          {at > 0 || isOwn ? ', and ' : null}
          {side === 'member' ? 'by the access list ' : 'by owning the access list '}
          <Link to={pagePaths.accessList(name)}>{title}</Link>
        </Fragment>
      ))}
      {byRequest ? (
        <>
          for a time, by <Link to={pagePaths.myRequests()}>an access request</Link>
        </>
      ) : null}
    </>
  )
}

function Colours() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      aria-label="Colours"
      value={colorScheme}
      onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
      data={[
        { value: 'auto', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  )
}
