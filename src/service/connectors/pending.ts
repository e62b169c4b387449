/**
 * @module What waits between the redirect to an upstream and its answer. The state goes through the browser and back; its
 * hash finds the row, what the adapter needs is sealed in it, and a cookie binds it to the browser that began: an answer
 * that another browser brings signs nobody in (login CSRF). Each state is answered once, within ten minutes.
 */
import { GatewayError } from '../../core/error.js'
import type { ConnectorKind } from '../../core/connector/connector.js'
import { parseNextPath } from '../../core/connector/next.js'
import { minute } from '../../core/time.js'
import type { ConnectorSignIn } from '../../store/store.js'
import type { ServiceContext } from '../context.js'
import type { Sealer } from '../../keys/keys.js'
import { equalText, hashToken } from '../people/tokens.js'

export type PendingDeps = Pick<ServiceContext, 'store' | 'clock' | 'random'> & {
  readonly sealer: Pick<Sealer, 'seal' | 'unseal'>
}

const waitMs = 10 * minute

interface NamedConnector {
  readonly kind: ConnectorKind
  readonly name: string
}

export interface BeginInput {
  readonly connector: NamedConnector
  /** A path of ours; anything else is forgotten. */
  readonly next?: string | undefined
  readonly reauthenticates?: boolean
  readonly test?: string | undefined
  /** What the adapter needs for the answer. */
  readonly secrets: Readonly<Record<string, string>>
  /** The binding cookie that the browser has from another sign-in that waits. */
  readonly browser?: string | undefined
  /** {@link newState}, where the adapter needs it earlier. */
  readonly state?: string
}

export interface Begun {
  /** `state` of OAuth, RelayState of SAML. */
  readonly state: string
  /** Set it as the cookie that binds the browser. */
  readonly browser: string
}

/** For {@link beginPending}. */
export function newState({ random }: Pick<PendingDeps, 'random'>): string {
  return random.secret()
}

/** Keeps what the answer needs. */
export async function beginPending(deps: PendingDeps, input: BeginInput): Promise<Begun> {
  const state = input.state ?? newState(deps)
  const browser = input.browser ?? deps.random.secret()
  const stateHash = hashToken(state)
  const now = deps.clock.now()
  await deps.store.connectors.createSignIn({
    stateHash,
    connector: { kind: input.connector.kind, name: input.connector.name },
    browserHash: hashToken(browser),
    sealed: await deps.sealer.seal(JSON.stringify(input.secrets), sealContext(stateHash)),
    next: parseNextPath(input.next),
    reauthenticates: input.reauthenticates ?? false,
    test: input.test,
    answer: undefined,
    createdAt: now,
    expiresAt: now + waitMs,
  })
  return { state, browser }
}

/**
 * Keeps an answer that came without the cookie, as a cross-site POST does (T2), until the browser comes with it. One
 * answer for each state; what it says is verified once it is taken.
 * @throws GatewayError `CONNECTOR_SIGN_IN_GONE`.
 */
export async function keepAnswer(
  deps: PendingDeps,
  { connector, state, answer }: { connector: NamedConnector; state: string; answer: string },
): Promise<void> {
  const stateHash = hashToken(state)
  const waiting = await deps.store.connectors.findSignIn(stateHash)
  assertUsable(deps, waiting, connector)
  const sealed = await deps.sealer.seal(answer, answerContext(stateHash))
  if (!(await deps.store.connectors.keepAnswer(stateHash, sealed))) throw gone()
}

export interface Taken extends Pick<ConnectorSignIn, 'next' | 'reauthenticates' | 'test' | 'createdAt'> {
  readonly secrets: Readonly<Record<string, string>>
  /** What {@link keepAnswer} kept. */
  readonly answer: string | undefined
}

/**
 * Takes what waits under this state, for this connector and this browser. A state that another browser brings stays for
 * the one that began: it must not be spent by whoever learns it.
 * @throws GatewayError `CONNECTOR_SIGN_IN_GONE`, the same for each reason.
 */
export async function takePending(
  deps: PendingDeps,
  input: { connector: NamedConnector; state: string | undefined; browser: string | undefined },
): Promise<Taken> {
  const { connector, state, browser } = input
  if (state === undefined || browser === undefined) throw gone()
  const stateHash = hashToken(state)
  const waiting = await deps.store.connectors.findSignIn(stateHash)
  assertUsable(deps, waiting, connector)
  if (!equalText(waiting.browserHash, hashToken(browser))) throw gone()
  // Another answer may have taken it meanwhile.
  const taken = await deps.store.connectors.takeSignIn(stateHash)
  if (taken === undefined) throw gone()
  const { next, reauthenticates, test, createdAt } = taken
  return {
    next,
    reauthenticates,
    test,
    createdAt,
    // Written by beginPending alone, and sealed since.
    secrets: JSON.parse(await deps.sealer.unseal(taken.sealed, sealContext(stateHash))) as Record<
      string,
      string
    >,
    answer: taken.answer && (await deps.sealer.unseal(taken.answer, answerContext(stateHash))),
  }
}

function assertUsable(
  { clock }: PendingDeps,
  waiting: ConnectorSignIn | undefined,
  { kind, name }: NamedConnector,
): asserts waiting is ConnectorSignIn {
  if (waiting === undefined || waiting.expiresAt <= clock.now()) throw gone()
  // Each connector has a callback of its own: an answer for one never counts at another (mix-up).
  if (waiting.connector.kind !== kind || waiting.connector.name !== name) throw gone()
}

function gone(): GatewayError {
  return new GatewayError(
    'CONNECTOR_SIGN_IN_GONE',
    'this sign-in was begun in another browser, waited too long, or was answered already; start again from the sign-in page',
  )
}

function sealContext(stateHash: string): string {
  return `connector sign-in ${stateHash}`
}

function answerContext(stateHash: string): string {
  return `connector answer ${stateHash}`
}
