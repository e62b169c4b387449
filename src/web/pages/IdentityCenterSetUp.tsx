/**
 * @module The guided set-up of Identity Center in seven steps. There is no state of its own: what is done is read from
 * the resources, and the step is in the URL, so the set-up can be left, sent to a colleague and resumed.
 */
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, type ComponentType } from 'react'
import { Navigate, useParams, useSearchParams } from 'react-router'
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { isProblem } from '../api/client.js'
import { setUpQuery } from '../api/identity-center.js'
import { pagePaths, parseSetUpStep, resumeStep, setUpSteps, type SetUpStep } from '../path-builder.js'
import { StepEffect, StepLinks, Stepper } from '../set-up/Stepper.js'
import { stepTitles } from '../ui/identity-center-words.js'
import { PageTitle } from '../ui/PageTitle.js'
import { EmptyState, ErrorState } from '../ui/States.js'

const NewConnection = lazy(async () => ({
  default: (await import('../set-up/NewConnection.js')).NewConnection,
}))
const contents: Readonly<Record<SetUpStep, ComponentType<{ setUp: SetupAnswer }>>> = {
  connect: lazy(async () => ({ default: (await import('../set-up/Connection.js')).Connection })),
  preview: lazy(async () => ({ default: (await import('../set-up/Preview.js')).Preview })),
  identity_source: lazy(async () => ({
    default: (await import('../set-up/IdentitySource.js')).IdentitySource,
  })),
  scim: lazy(async () => ({ default: (await import('../set-up/Scim.js')).Scim })),
  plan: lazy(async () => ({ default: (await import('../set-up/FirstPlan.js')).FirstPlan })),
  access: lazy(async () => ({ default: (await import('../set-up/Access.js')).Access })),
  start: lazy(async () => ({ default: (await import('../set-up/Start.js')).Start })),
}

const parent = { title: 'Integrations', to: pagePaths.integrations() }
const connecting =
  'Gatehouse gets a plugin and, unless the machine has credentials of its own, an integration. Nothing changes in AWS until you run the script there.'

export function IdentityCenterSetUp() {
  const params = useParams()
  const [search] = useSearchParams()
  const plugin = search.get('plugin')
  if (plugin !== null && plugin !== '')
    return params['step'] === resumeStep ? (
      <Resumed plugin={plugin} />
    ) : (
      <OfPlugin plugin={plugin} step={parseSetUpStep(params['step'])} />
    )
  return (
    <>
      <Title step="connect" />
      <Stepper step="connect" plugin={undefined} states={[]} />
      <StepEffect changes={connecting} says={undefined} />
      <Suspense fallback={<Loading />}>
        <NewConnection />
      </Suspense>
      <StepLinks step="connect" plugin={undefined} />
    </>
  )
}

/** Where the set-up was left, by what is there now. */
function Resumed({ plugin }: { plugin: string }) {
  const setUp = useQuery({ ...setUpQuery(plugin), staleTime: 0 })
  if (setUp.isFetching) return <Loading />
  const open = setUp.data?.steps.find(({ state }) => state === 'current' || state === 'attention')
  return <Navigate to={pagePaths.identityCenterSetUp({ step: open?.step ?? 'connect', plugin })} replace />
}

function OfPlugin({ plugin, step }: { plugin: string; step: SetUpStep }) {
  const setUp = useQuery(setUpQuery(plugin))
  const Content = contents[step]
  if (setUp.isPending) return <Loading />
  if (!setUp.data) {
    return (
      <>
        <Title step={step} />
        {isProblem(setUp.error, 'NOT_FOUND') ? (
          <EmptyState title={`There is no plugin ${plugin}`}>
            It may have been uninstalled. Begin anew from Integrations.
          </EmptyState>
        ) : (
          <ErrorState
            error={setUp.error}
            what="The set-up could not be read"
            onRetry={() => void setUp.refetch()}
          />
        )}
      </>
    )
  }
  const now = setUp.data.steps.find((one) => one.step === step)
  return (
    <>
      <Title step={step} />
      <Stepper step={step} plugin={plugin} states={setUp.data.steps} />
      {now ? <StepEffect changes={now.changes} says={now.says} /> : null}
      <Suspense fallback={<Loading />}>
        <Content key={plugin} setUp={setUp.data} />
      </Suspense>
      <StepLinks step={step} plugin={plugin} />
    </>
  )
}

function Title({ step }: { step: SetUpStep }) {
  return (
    <PageTitle
      title={stepTitles[step]}
      parent={parent}
      lead={`Set-up of AWS IAM Identity Center, step ${setUpSteps.indexOf(step) + 1} of ${setUpSteps.length}`}
    />
  )
}

function Loading() {
  return <Skeleton h={320} role="status" aria-label="Loading the step" />
}
