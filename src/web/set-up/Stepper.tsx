/** @module The steps of the set-up with where each stands: links, so that every step can be opened, sent and come back to. */
import { Alert, Button, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { SetupAnswer } from '../../api/contract/identity-center.js'
import { pagePaths, setUpSteps, type SetUpStep } from '../path-builder.js'
import { sayInPage } from '../ui/field-labels.js'
import { CheckIcon, InfoIcon, WarningIcon } from '../ui/Icons.js'
import { stepStates, stepTitles } from '../ui/identity-center-words.js'

interface StepperProps {
  step: SetUpStep
  plugin: string | undefined
  states: SetupAnswer['steps']
}

export function Stepper({ step, plugin, states }: StepperProps) {
  return (
    <nav aria-label="Steps of the set-up" className="gh-stepper">
      <ol>
        {setUpSteps.map((one, at) => {
          const state =
            states.find((known) => known.step === one)?.state ?? (at === 0 ? 'current' : 'waiting')
          const inside = (
            <>
              <span className="gh-step-sign" aria-hidden="true">
                {state === 'done' ? <CheckIcon /> : state === 'attention' ? <WarningIcon /> : at + 1}
              </span>
              <span>
                <span className="gh-step-title">{stepTitles[one]}</span>
                <span className="gh-step-state">{stepStates[state]}</span>
              </span>
            </>
          )
          return (
            <li key={one} data-state={state}>
              {plugin === undefined && at > 0 ? (
                <span className="gh-step" aria-disabled="true">
                  {inside}
                </span>
              ) : (
                <Link
                  to={pagePaths.identityCenterSetUp({ step: one, plugin })}
                  className="gh-step"
                  aria-current={one === step ? 'step' : undefined}
                >
                  {inside}
                </Link>
              )}
            </li>
          )
        })}
      </ol>
    </nav>
  )
}

/** What doing a step changes, and where: told before anything can be pressed. */
export function StepEffect({ changes, says }: { changes: string; says: string | undefined }) {
  return (
    <>
      <Alert icon={<InfoIcon />} p="sm" mb="md" role="note">
        <b>What this changes:</b> {changes}
      </Alert>
      {says ? (
        <Text c="dimmed" mb="md">
          {sayInPage(says)}
        </Text>
      ) : null}
    </>
  )
}

/** To the neighbours of a step. */
export function StepLinks({ step, plugin }: { step: SetUpStep; plugin: string | undefined }) {
  const at = setUpSteps.indexOf(step)
  const [before, after] = [setUpSteps[at - 1], setUpSteps[at + 1]]
  return (
    <div className="gh-step-links">
      <Group gap="sm">
        {before ? (
          <Button
            component={Link}
            variant="default"
            to={pagePaths.identityCenterSetUp({ step: before, plugin })}
          >
            Back: {stepTitles[before]}
          </Button>
        ) : null}
        {after && plugin !== undefined ? (
          <Button
            component={Link}
            variant="default"
            to={pagePaths.identityCenterSetUp({ step: after, plugin })}
          >
            Next: {stepTitles[after]}
          </Button>
        ) : null}
      </Group>
      <Text size="sm" c="dimmed">
        {plugin === undefined
          ? 'Nothing is kept before you connect.'
          : 'You can leave now and come back from Integrations: everything done is kept.'}
      </Text>
    </div>
  )
}
