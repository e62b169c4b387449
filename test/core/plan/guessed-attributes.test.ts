/** @module Attributes of users whom somebody else made in AWS: what we know is written, what we guess is not. */
import { expect, test } from 'vitest'
import type { Plan } from '../../../src/core/plan/plan.js'
import { Organisation } from './organisation.js'
import { World } from './world.js'

const real = {
  displayName: 'Eve van Dijk (Ops)',
  givenName: 'Eve',
  familyName: 'van Dijk',
  email: 'e@corp.example',
}

/** Eve was there before us, with the names that people gave her. */
function adopted(traits: Record<string, string[]>): { ours: Organisation; aws: World; id: string } {
  const ours = new Organisation()
  ours.user('eve@example.com', [], { traits })
  const aws = new World()
  const id = aws.addUser('eve@example.com', real)
  aws.link('user', 'eve@example.com', id, 'imported')
  return { ours, aws, id }
}

function changes(plan: Plan): unknown[] {
  return plan.actions.flatMap(({ action }) => (action.kind === 'user.update' ? [action.changes] : []))
}

test('names that are only guessed from the user name do not replace those of a user that was there before', () => {
  const { ours, aws } = adopted({})
  expect(aws.plan(ours.desired()).actions).toEqual([])
})

test('what a trait says is written, and nothing beside it', () => {
  const { ours, aws } = adopted({ given_name: ['Eva'] })
  expect(changes(aws.plan(ours.desired()))).toEqual([{ givenName: 'Eva' }])
})

test('what AWS has not is filled in from the name', () => {
  const { ours, aws, id } = adopted({})
  aws.users.set(id, { ...(aws.users.get(id) ?? expect.fail()), familyName: undefined })
  expect(changes(aws.plan(ours.desired()))).toEqual([{ familyName: 'Eve' }])
})

test('of a user that we made, names follow what is guessed here, too', () => {
  const ours = new Organisation()
  ours.user('eve@example.com')
  const aws = new World()
  aws.converge(ours.desired())
  const id = aws.linkOf('user', 'eve@example.com')?.awsId ?? ''
  aws.users.set(id, { ...(aws.users.get(id) ?? expect.fail()), displayName: 'Somebody Else' })
  expect(changes(aws.plan(ours.desired()))).toEqual([{ displayName: 'Eve Eve' }])
})
