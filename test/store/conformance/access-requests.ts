/** @module Conformance of access requests, of what people lay aside, and of who is on call. */
import { describe, expect, test } from 'vitest'
import type { AccessRequest } from '../../../src/core/access-request/access-request.js'
import type { ShelfItem } from '../../../src/store/access-request-store.js'
import { aSession, hour, minute, now, open, refusal, type Engine } from './engine.js'

const accountId = '111122223333'
const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'

export function aRequest(id: string, changes: Partial<AccessRequest> = {}): AccessRequest {
  return {
    id,
    user: 'alice@example.com',
    state: 'pending',
    items: [
      {
        id: `assignment/${accountId}/${permissionSetArn}`,
        asked: { kind: 'assignment', accountId, permissionSetArn },
        terms: {
          roles: ['oncall'],
          allowedBy: ['dev'],
          thresholds: [{ name: undefined, filter: undefined, approve: 1, deny: 1 }],
        },
        state: 'pending',
      },
    ],
    reason: 'INC-1',
    createdAt: now,
    pendingUntil: now + 24 * hour,
    startAt: undefined,
    durationMs: hour,
    maxDurationMs: 8 * hour,
    asked: { startAt: undefined, durationMs: hour },
    activatedAt: undefined,
    endsAt: undefined,
    resolvedAt: undefined,
    suggestedReviewers: ['olga'],
    annotations: { ticket: ['INC-1'] },
    reviews: [],
    extends: undefined,
    promotedTo: undefined,
    timeline: [{ at: now, by: 'alice@example.com', what: 'created', says: '' }],
    revision: 1,
    ...changes,
  }
}

/** One that gives access from `at` until its end. */
export function anActive(id: string, at: number, endsAt: number, changes: Partial<AccessRequest> = {}) {
  return aRequest(id, { state: 'approved', resolvedAt: at, activatedAt: at, endsAt, ...changes })
}

const ids = (requests: readonly { readonly id: string }[]): string[] => requests.map(({ id }) => id)

export function accessRequestConformance(engine: Engine): void {
  describe('access requests', () => {
    test('one is found as it was made, with all that it holds', async () => {
      const { accessRequests } = await open(await engine.newUrl())
      const [item] = aRequest('a').items
      const full = anActive('a', now, now + hour, {
        items: item === undefined ? [] : [{ ...item, state: 'approved', gave: { pairs: [], digest: 'd' } }],
        reason: 'bad \0 and \ud800',
        startAt: now,
        reviews: [
          {
            author: 'olga',
            at: now,
            approve: ['role/x'],
            deny: [],
            reason: 'ok',
            annotations: { a: ['b'] },
            authorRoles: ['lead'],
            authorTraits: { team: ['x'] },
            durationMs: minute,
          },
        ],
        extends: { request: 'z', firstStartedAt: now - hour, from: now },
        promotedTo: { list: 'l', title: 'L' },
      })
      await accessRequests.create(full)
      expect(await accessRequests.find('a')).toEqual(full)
      expect(await accessRequests.find('b')).toBeUndefined()
      expect(await accessRequests.find('a\0')).toBeUndefined()
      await refusal(accessRequests.create(aRequest('a')), 'ALREADY_EXISTS')
      await refusal(accessRequests.create(aRequest('c', { user: 'x\0' })), 'INVALID_INPUT')
    })

    test('its first revision is 1, whatever the value says', async () => {
      const { accessRequests } = await open(await engine.newUrl())
      await accessRequests.create(aRequest('a', { revision: 7 }))
      expect((await accessRequests.find('a'))?.revision).toBe(1)
    })

    test('a change counts from the revision that was read, and no other', async () => {
      const { accessRequests } = await open(await engine.newUrl())
      await accessRequests.create(aRequest('a'))
      const changed = await accessRequests.update(aRequest('a', { state: 'denied' }))
      expect(changed).toEqual(aRequest('a', { state: 'denied', revision: 2 }))
      expect(await accessRequests.find('a')).toEqual(changed)
      const error = await refusal(
        accessRequests.update(aRequest('a', { state: 'approved' })),
        'REVISION_MISMATCH',
      )
      expect(error.details).toMatchObject({ expectedRevision: 1, currentRevision: 2 })
      expect((await accessRequests.find('a'))?.state).toBe('denied')
      await refusal(accessRequests.update(aRequest('b')), 'NOT_FOUND')
    })

    test('they are listed newest first, page by page, of a person and by states', async () => {
      const { accessRequests } = await open(await engine.newUrl())
      await accessRequests.create(aRequest('b'))
      await accessRequests.create(aRequest('c', { user: 'bob', state: 'denied' }))
      await accessRequests.create(aRequest('a'))
      await accessRequests.create(aRequest('d', { state: 'expired' }))
      expect(ids(await accessRequests.list({ limit: 9 }))).toEqual(['d', 'a', 'c', 'b'])
      expect(ids(await accessRequests.list({ limit: 2, before: 'd' }))).toEqual(['a', 'c'])
      expect(ids(await accessRequests.list({ limit: 2, before: 'none' }))).toEqual([])
      expect(ids(await accessRequests.list({ limit: 9, user: 'bob' }))).toEqual(['c'])
      expect(ids(await accessRequests.list({ limit: 9, user: 'bob\0' }))).toEqual([])
      expect(ids(await accessRequests.list({ limit: 9, states: ['pending', 'expired'] }))).toEqual([
        'd',
        'a',
        'b',
      ])
      expect(ids(await accessRequests.list({ limit: 9, states: [] }))).toEqual([])
      expect(await accessRequests.countPending('alice@example.com')).toBe(2)
      expect(await accessRequests.countPending('bob')).toBe(0)
    })

    test('those that give access or are about to are told until their end', async () => {
      const { accessRequests } = await open(await engine.newUrl())
      await accessRequests.create(anActive('c', now, now + hour))
      await accessRequests.create(anActive('b', now, now + 1))
      await accessRequests.create(aRequest('a', { state: 'approved', resolvedAt: now, endsAt: now + hour }))
      await accessRequests.create(anActive('d', now, now + hour, { state: 'promoted' }))
      await accessRequests.create(anActive('e', now, now + hour, { state: 'revoked' }))
      await accessRequests.create(aRequest('f'))
      expect(ids(await accessRequests.listApproved(now))).toEqual(['a', 'b', 'c', 'd'])
      expect(ids(await accessRequests.listApproved(now + 1))).toEqual(['a', 'c', 'd'])
    })

    test('what time changes next is told, soonest first', async () => {
      const { accessRequests } = await open(await engine.newUrl())
      expect(await accessRequests.nextDueAt()).toBeUndefined()
      await accessRequests.create(anActive('ends', now, now + 3))
      await accessRequests.create(aRequest('waits', { pendingUntil: now + 2 }))
      await accessRequests.create(
        aRequest('starts', { state: 'approved', resolvedAt: now, startAt: now + 1, endsAt: now + hour }),
      )
      await accessRequests.create(aRequest('at once', { state: 'approved', resolvedAt: now }))
      await accessRequests.create(anActive('over', now, now, { state: 'expired' }))
      expect(await accessRequests.nextDueAt()).toBe(now)
      expect(ids(await accessRequests.listDue(now + 2, 9))).toEqual(['at once', 'starts', 'waits'])
      expect(ids(await accessRequests.listDue(now + 9, 2))).toEqual(['at once', 'starts'])
      expect(ids(await accessRequests.listDue(now - 1, 9))).toEqual([])
      await accessRequests.update(anActive('at once', now, now + hour))
      expect(await accessRequests.nextDueAt()).toBe(now + 1)
    })

    test('each committed write is counted, one that was undone is not', async () => {
      const store = await open(await engine.newUrl())
      const { accessRequests } = store
      const generations = [await accessRequests.generation()]
      const grown = async (): Promise<boolean> => {
        generations.push(await accessRequests.generation())
        return (generations.at(-1) ?? 0) > (generations.at(-2) ?? 0)
      }
      await accessRequests.create(aRequest('a'))
      expect(await grown()).toBe(true)
      await accessRequests.update(aRequest('a'))
      expect(await grown()).toBe(true)
      expect(await accessRequests.delete('a')).toBe(true)
      expect(await grown()).toBe(true)
      expect(await accessRequests.delete('a')).toBe(false)
      expect(await accessRequests.delete('a\0')).toBe(false)
      const undone = store.transaction(async (tx) => {
        await tx.accessRequests.create(aRequest('b'))
        throw new Error('no')
      })
      await expect(undone).rejects.toThrow('no')
      expect(await grown()).toBe(false)
      expect(await accessRequests.find('b')).toBeUndefined()
    })

    test.runIf(engine.query !== undefined)(
      'one that is damaged is named to whoever asks for it, gives nothing, and hides no other',
      async () => {
        const url = await engine.newUrl()
        const { accessRequests } = await open(url)
        for (const id of ['a', 'b', 'c']) await accessRequests.create(anActive(id, now, now + hour))
        const damage = (id: string, document: string) =>
          engine.query?.(url, `update access_request set document = '${document}' where id = '${id}'`)
        await damage('a', '{')
        await damage('b', '{"id":"b","user":"alice@example.com"}')
        expect((await refusal(accessRequests.find('a'), 'INTERNAL')).message).toContain('"a" is damaged')
        expect((await refusal(accessRequests.find('b'), 'INTERNAL')).message).toContain('"b" is damaged')
        expect(ids(await accessRequests.listApproved(now))).toEqual(['c'])
        expect(ids(await accessRequests.list({ limit: 9 }))).toEqual(['c'])
        expect(ids(await accessRequests.listDue(now + hour, 9))).toEqual(['c'])
        expect(ids(await accessRequests.listUnreadable())).toEqual(['a', 'b'])
        await damage('a', JSON.stringify(anActive('c', now, now + hour)))
        expect((await refusal(accessRequests.find('a'), 'INTERNAL')).message).toContain('another one')
        expect(await accessRequests.delete('a')).toBe(true)
        expect(ids(await accessRequests.listUnreadable())).toEqual(['b'])
      },
    )
  })

  describe('assumed requests', () => {
    test('a session keeps those that it assumed last', async () => {
      const { sessions } = await open(await engine.newUrl())
      await sessions.create(aSession('a'))
      await sessions.create(aSession('b', { assumed: ['z'] }))
      expect(await sessions.setAssumed('a', ['x', 'y'])).toBe(true)
      expect(await sessions.find('a')).toEqual(aSession('a', { assumed: ['x', 'y'] }))
      expect(await sessions.find('b')).toEqual(aSession('b', { assumed: ['z'] }))
      expect(await sessions.setAssumed('a', [])).toBe(true)
      expect((await sessions.find('a'))?.assumed).toEqual([])
      expect(await sessions.setAssumed('none', ['x'])).toBe(false)
    })
  })

  describe('what people lay aside', () => {
    const item = (name: string, changes: Partial<ShelfItem> = {}): ShelfItem => ({
      user: 'alice',
      kind: 'favourite',
      name,
      document: { items: [] },
      updatedAt: now,
      ...changes,
    })

    test('it is listed by kind and name, replaced, and gone by its name', async () => {
      const { shelf } = await open(await engine.newUrl())
      const template = item('a', { kind: 'template' })
      for (const one of [item('b'), template, item('a'), item('a', { user: 'bob' })]) {
        expect(await shelf.put(one, 9)).toBe(true)
      }
      const newer = item('a', { document: { reason: '\0' }, updatedAt: now + 1 })
      expect(await shelf.put(newer, 9)).toBe(true)
      expect(await shelf.list('alice')).toEqual([newer, item('b'), template])
      expect(await shelf.delete('alice', 'favourite', 'a')).toBe(true)
      expect(await shelf.delete('alice', 'favourite', 'a')).toBe(false)
      expect(await shelf.list('alice')).toEqual([item('b'), template])
      await shelf.deleteAll('alice')
      expect(await shelf.list('alice')).toEqual([])
      expect(await shelf.list('bob')).toHaveLength(1)
      await refusal(shelf.put(item('x\0'), 9), 'INVALID_INPUT')
    })

    test('there is no more of one kind than the limit; what is there may be replaced', async () => {
      const { shelf } = await open(await engine.newUrl())
      expect(await shelf.put(item('a'), 2)).toBe(true)
      expect(await shelf.put(item('b'), 2)).toBe(true)
      expect(await shelf.put(item('c'), 2)).toBe(false)
      expect(await shelf.put(item('b', { updatedAt: now + 1 }), 2)).toBe(true)
      expect(await shelf.put(item('c', { kind: 'template' }), 2)).toBe(true)
      expect(await shelf.put(item('c', { user: 'bob' }), 2)).toBe(true)
      expect(await shelf.list('alice')).toHaveLength(3)
    })
  })

  describe('who is on call', () => {
    const list = { name: 'sre', users: ['olga'], until: now + hour, updatedAt: now, updatedBy: 'token/pager' }

    test('is told by list, replaced, and gone by its name', async () => {
      const { onCall } = await open(await engine.newUrl())
      for (const one of [list, { ...list, name: 'dba', users: [], until: undefined }]) {
        expect(await onCall.put(one, 9)).toBe(true)
      }
      const newer = { ...list, users: ['otto', 'olga'], until: undefined, updatedAt: now + 1 }
      expect(await onCall.put(newer, 9)).toBe(true)
      expect(await onCall.list()).toEqual([{ ...list, name: 'dba', users: [], until: undefined }, newer])
      expect(await onCall.find('sre')).toEqual(newer)
      expect(await onCall.delete('dba')).toBe(true)
      expect(await onCall.delete('dba')).toBe(false)
      expect(await onCall.find('dba')).toBeUndefined()
      expect(await onCall.find('x\0')).toBeUndefined()
      await refusal(onCall.put({ ...list, name: 'x\0' }, 9), 'INVALID_INPUT')
      await refusal(onCall.put({ ...list, users: ['x\0'] }, 9), 'INVALID_INPUT')
    })

    test('is in no more lists than the limit; what is there may be replaced', async () => {
      const { onCall } = await open(await engine.newUrl())
      expect(await onCall.put(list, 1)).toBe(true)
      expect(await onCall.put({ ...list, name: 'dba' }, 1)).toBe(false)
      expect(await onCall.put({ ...list, users: [] }, 1)).toBe(true)
      expect(await onCall.list()).toHaveLength(1)
    })

    test.runIf(engine.query !== undefined)('is nobody by a list that is damaged', async () => {
      const url = await engine.newUrl()
      const { onCall } = await open(url)
      await onCall.put(list, 9)
      await engine.query?.(url, `update on_call_list set users = 'not json'`)
      expect((await onCall.find('sre'))?.users).toEqual([])
      await engine.query?.(url, `update on_call_list set users = '{"0":"olga"}'`)
      expect((await onCall.find('sre'))?.users).toEqual([])
    })
  })
}
