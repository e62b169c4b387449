/** @module Identity Center as the pages read and steer it: set-up, import, plan, status, removal. One key per plugin. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  assignmentsAnswer,
  changesAnswer,
  ConnectionTestAnswer,
  importAnswer,
  IntegrationsAnswer,
  jobAnswer,
  JobItem,
  PreflightAnswer,
  PreviewAnswer,
  previewKinds,
  SetupAnswer,
  SetupScriptAnswer,
  setupScriptRequest,
  SyncStatusAnswer,
  UninstallAnswer,
  uninstallRequest,
} from '../../api/contract/identity-center.js'
import type { PlanAnswer } from '../../api/contract/identity-center-plan.js'
import type {
  putScimTokenAnswer,
  putScimTokenRequest,
  ScimAnswer,
  scimTestAnswer,
} from '../../api/contract/identity-center-scim.js'
import { visibleAnswer } from '../../core/visible-text.js'
import { apiPaths } from '../path-builder.js'
import { getJson, sendJson } from './client.js'

export type JobAnswer = z.infer<typeof jobAnswer>
export type ImportAnswer = z.infer<typeof importAnswer>
export type ScimTestAnswer = z.infer<typeof scimTestAnswer>
export type PutScimTokenAnswer = z.infer<typeof putScimTokenAnswer>
export type PreviewKind = (typeof previewKinds)[number]
export type SetUpScriptRequest = z.input<typeof setupScriptRequest>
export type ChangesAnswer = z.infer<typeof changesAnswer>
export type AssignmentsAnswer = z.infer<typeof assignmentsAnswer>
export type ChangeState = ChangesAnswer['items'][number]['state']

const jobPaceMs = 1000
const idlePaceMs = 10_000

/** Answers with names that others chose in AWS: in no place may they reorder or hide what stands around them. */
async function getShown<T extends object>(url: string, signal: AbortSignal): Promise<T> {
  return visibleAnswer(await getJson<T>(url, signal))
}

export const integrationsQuery = queryOptions({
  queryKey: ['integrations'],
  queryFn: async ({ signal }) => (await getJson<IntegrationsAnswer>(apiPaths.integrations(), signal)).items,
  refetchInterval: idlePaceMs,
})

/** A POST that keeps nothing: what is typed decides the text. */
export const setUpScriptQuery = (request: SetUpScriptRequest) =>
  queryOptions({
    queryKey: ['set-up-script', request],
    queryFn: () => sendJson<SetupScriptAnswer>('POST', apiPaths.setupScript(), request),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 300_000,
  })

export const setUpQuery = (plugin: string) =>
  queryOptions({
    queryKey: ['awsic', plugin, 'setup'],
    queryFn: ({ signal }) => getJson<SetupAnswer>(apiPaths.awsic('awsicSetup', plugin), signal),
    // Steps end by themselves, too: the first plan when its last change is in AWS.
    refetchInterval: idlePaceMs,
  })

/** Every second while something is at work, so that its progress is seen; now and then otherwise. */
export const statusQuery = (plugin: string) =>
  queryOptions({
    queryKey: ['awsic', plugin, 'status'],
    queryFn: ({ signal }) => getShown<SyncStatusAnswer>(apiPaths.awsic('awsicStatus', plugin), signal),
    refetchInterval: ({ state }) => (isBusy(state.data) ? jobPaceMs : idlePaceMs),
  })

/** Whether work is under way whose progress is worth a look each second. */
export function isBusy(status: Pick<SyncStatusAnswer, 'job' | 'governor'> | undefined): boolean {
  return status?.job?.state === 'running' || (status?.governor.queue ?? 0) > 0
}

export function testConnection(plugin: string): Promise<ConnectionTestAnswer> {
  return sendJson<ConnectionTestAnswer>('POST', apiPaths.awsic('awsicConnectionTest', plugin))
}

export async function startScan(plugin: string): Promise<JobItem> {
  return (await sendJson<JobAnswer>('POST', apiPaths.awsic('awsicScan', plugin))).job
}

export interface PreviewView {
  readonly kind: PreviewKind
  readonly search: string
  readonly show: 'all' | 'imported' | 'skipped'
  /** JSON of filters to try; those saved where it is left out. */
  readonly filters?: string | undefined
}

export const previewQuery = (plugin: string, view: PreviewView) =>
  infiniteQueryOptions({
    queryKey: ['awsic', plugin, 'preview', view],
    queryFn: ({ signal, pageParam }) =>
      getShown<PreviewAnswer>(apiPaths.awsicPreview(plugin, { ...view, cursor: pageParam }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
    retry: false,
  })

export function startImport(plugin: string): Promise<ImportAnswer> {
  return sendJson<ImportAnswer>('POST', apiPaths.awsic('awsicImport', plugin))
}

export const preflightQuery = (plugin: string, view: { search: string; show: 'concerns' | 'all' }) =>
  queryOptions({
    queryKey: ['awsic', plugin, 'preflight', view],
    queryFn: ({ signal }) => getShown<PreflightAnswer>(apiPaths.awsicPreflight(plugin, view), signal),
    placeholderData: keepPreviousData,
  })

export const scimQuery = (plugin: string) =>
  queryOptions({
    queryKey: ['awsic', plugin, 'scim'],
    queryFn: ({ signal }) => getJson<ScimAnswer>(apiPaths.awsic('awsicScim', plugin), signal),
  })

export function putScimToken(
  plugin: string,
  token: z.input<typeof putScimTokenRequest>,
): Promise<PutScimTokenAnswer> {
  return sendJson<PutScimTokenAnswer>('PUT', apiPaths.awsic('awsicScim', plugin), token)
}

export function deleteScimToken(plugin: string, slot: 1 | 2): Promise<unknown> {
  return sendJson('DELETE', apiPaths.awsicScimToken(plugin, slot))
}

export function testScim(plugin: string): Promise<ScimTestAnswer> {
  return sendJson<ScimTestAnswer>('POST', apiPaths.awsic('awsicScimTest', plugin))
}

export const planQuery = (plugin: string, view: { show: 'all' | 'held'; search: string }) =>
  infiniteQueryOptions({
    queryKey: ['awsic', plugin, 'plan', view],
    queryFn: ({ signal, pageParam }) =>
      getShown<PlanAnswer>(apiPaths.awsicPlan(plugin, { ...view, cursor: pageParam }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

/** Approves exactly these actions of the plan that was seen. */
export function approvePlan(plugin: string, seen: { heldDigest: string; keys: string[] }): Promise<unknown> {
  return sendJson('POST', apiPaths.awsic('awsicApprove', plugin), seen)
}

/** After a restore: agrees to the whole plan that was seen, and ends that everything waits. */
export function releasePlan(plugin: string, heldDigest: string): Promise<unknown> {
  return sendJson('POST', apiPaths.awsic('awsicApprove', plugin), { heldDigest, release: true })
}

/** Switches the sync on where it is paused, if what the plan holds is still what was seen. */
export function applyPlan(plugin: string, heldDigest: string): Promise<unknown> {
  return sendJson('POST', apiPaths.awsic('awsicApply', plugin), { heldDigest })
}

export function resync(plugin: string, object: { kind: 'user' | 'list'; name: string }): Promise<unknown> {
  return sendJson('POST', apiPaths.awsic('awsicResync', plugin), object)
}

export const changesQuery = (plugin: string, state: ChangeState | undefined) =>
  infiniteQueryOptions({
    queryKey: ['awsic', plugin, 'changes', state],
    queryFn: ({ signal, pageParam }) =>
      getShown<ChangesAnswer>(apiPaths.awsicChanges(plugin, { state, cursor: pageParam }), signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const assignmentsQuery = (plugin: string, view: { account: string; person: string }) =>
  infiniteQueryOptions({
    queryKey: ['awsic', plugin, 'assignments', view],
    queryFn: ({ signal, pageParam }) =>
      getShown<AssignmentsAnswer>(
        apiPaths.awsicAssignments(plugin, { ...view, cursor: pageParam, limit: '100' }),
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  })

export const uninstallQuery = (plugin: string) =>
  queryOptions({
    queryKey: ['awsic', plugin, 'uninstall'],
    queryFn: ({ signal }) => getShown<UninstallAnswer>(apiPaths.awsic('awsicUninstall', plugin), signal),
  })

export function uninstall(plugin: string, request: z.input<typeof uninstallRequest>): Promise<unknown> {
  return sendJson('POST', apiPaths.awsic('awsicUninstall', plugin), request)
}
