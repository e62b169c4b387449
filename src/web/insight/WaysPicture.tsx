/**
 * @module A picture of every way by which somebody has an access: person, lists, role, account, from left to right, one
 * way below the other; on a phone from top to bottom. It is an ordered list of steps, so that read aloud it says the same.
 */
import { Link } from 'react-router'
import type { AccessPathAnswer, HeldAccess, InsightSubject, SignInProofs } from '../../api/contract.js'
import { wayWords } from '../../api/way-words.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { startUpper } from '../ui/format.js'
import { RelativeTime } from '../ui/RelativeTime.js'

interface WaysPictureProps {
  user: string
  subject: InsightSubject
  access: HeldAccess
  signIn?: SignInProofs | undefined
}

export function WaysPicture({ user, subject, access, signIn }: WaysPictureProps) {
  const { permissionSet = subject.permissionSet, paths, morePaths = 0, denied } = access
  const { account, app } = subject
  const target = account === undefined ? app : `${permissionSet?.name ?? ''} on ${account.name}`
  return (
    <figure className="gh-routes" aria-label={`Ways from ${user} to ${target ?? ''}`}>
      <ul>
        {paths.map((path, at) => (
          <li key={at}>
            <ol className="gh-route" aria-label={startUpper(wayWords(path))}>
              <Step kind="Person" look="person">
                <BreakableName value={user} />
              </Step>
              <Steps path={path} />
              <Step
                edge={<Edge notes={proofNotes(signIn)} until={path.until} />}
                kind={account === undefined ? 'Application' : 'Permission set in account'}
                look="target"
              >
                {account === undefined ? (
                  <b>
                    <BreakableName value={app ?? ''} />
                  </b>
                ) : (
                  <>
                    <b>
                      <BreakableName value={permissionSet?.name ?? ''} />
                    </b>
                    <span>
                      <BreakableName value={account.name} /> <code>{account.id}</code>
                    </span>
                  </>
                )}
              </Step>
            </ol>
          </li>
        ))}
      </ul>
      {morePaths > 0 ? <figcaption>and {morePaths.toLocaleString('en')} more ways</figcaption> : null}
      {denied ? (
        <figcaption>A role denies it, and it is in AWS all the same: the sync takes it away.</figcaption>
      ) : null}
    </figure>
  )
}

function Steps({ path }: { path: AccessPathAnswer }) {
  const { by, lists, role, request } = path
  const edgeOf = (at: number) =>
    by === 'list_owner' && at === lists.length - 1 ? 'owns' : at === 0 ? 'is in' : 'is within'
  return (
    <>
      {lists.map(({ name, title }, at) => (
        <Step key={at} edge={<Edge notes={[edgeOf(at)]} />} kind="Access list" look="list">
          {name === null ? (
            title
          ) : (
            <Link to={pagePaths.accessList(name)} className="gh-row-link">
              <BreakableName value={title} />
            </Link>
          )}
        </Step>
      ))}
      {role === undefined ? null : (
        <Step edge={<Edge notes={[by === 'role' ? 'holds' : 'gives']} />} kind="Role" look="role">
          <Link to={pagePaths.role(role)} className="gh-row-link">
            <BreakableName value={role} />
          </Link>
        </Step>
      )}
      {request === undefined ? null : (
        <Step edge={<Edge notes={['asked for it']} />} kind="Access request" look="request">
          <Link to={pagePaths.accessRequest(request)} className="gh-row-link">
            <BreakableName value={request} />
          </Link>
        </Step>
      )}
      {by === 'found' || by === 'aws' ? (
        <Step edge={<Edge notes={[]} />} kind="In AWS alone" look="request">
          {by === 'found' ? 'Direct assignment, kept as found' : 'Direct assignment; nothing here gives it'}
        </Step>
      ) : null}
    </>
  )
}

type Look = 'person' | 'list' | 'role' | 'request' | 'target'

interface StepProps {
  /** The arrow that leads to it, which never stands on another line than the step. */
  edge?: React.ReactNode
  kind: string
  look: Look
  children: React.ReactNode
}

function Step({ edge, kind, look, children }: StepProps) {
  return (
    <li className="gh-route-hop">
      {edge}
      <span className="gh-route-step" data-look={look}>
        <span className="gh-path-kind">{kind}</span>
        {children}
      </span>
    </li>
  )
}

function Edge({ notes, until }: { notes: readonly string[]; until?: string | undefined }) {
  return (
    <span className="gh-route-edge">
      <span>
        {notes.join(', ')}
        {until === undefined ? null : (
          <span className="gh-route-until">
            {notes.length > 0 ? ', ' : ''}ends <RelativeTime at={until} />
          </span>
        )}
      </span>
    </span>
  )
}

const proofs = {
  second_factor: 'needs a second factor',
  hardware_key: 'needs a hardware key',
  trusted_device: 'needs a trusted device',
} as const

function proofNotes(signIn: SignInProofs | undefined): string[] {
  if (signIn === undefined) return ['reaches']
  if (!signIn.opens) return ['cannot sign in']
  return signIn.needs.length === 0 ? ['reaches'] : signIn.needs.map((need) => proofs[need])
}
