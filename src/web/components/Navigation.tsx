/** @module The left navigation: the same groups for all, without what this person's rights do not open. */
import { NavLink } from 'react-router'
import { useQuery } from '@tanstack/react-query'
import { reviewsDueQuery } from '../api/access-lists.js'
import { toReviewQuery } from '../api/access-requests.js'
import { sessionQuery } from '../api/queries.js'
import { rights } from '../api/session.js'
import { pagePaths } from '../path-builder.js'
import {
  AccessListsIcon,
  AccountsIcon,
  AuditIcon,
  ConfigurationIcon,
  IntegrationsIcon,
  KeyIcon,
  LockIcon,
  PlanIcon,
  ResourcesIcon,
  RequestIcon,
  DevicesIcon,
  RequestsIcon,
  ReviewIcon,
  RolesIcon,
  ServiceProvidersIcon,
  SettingsIcon,
  SigningKeysIcon,
  StatusIcon,
  UsersIcon,
} from '../ui/Icons.js'

export interface NavigationItem {
  readonly group: string
  readonly title: string
  readonly to: string
  readonly icon: () => React.JSX.Element
  /** The right without which the server refuses the page. */
  readonly right?: string
  /** How much waits there for this person. */
  readonly count?: () => React.JSX.Element
}

/** The pages whose path is the beginning of another one's. */
const beginnings: ReadonlySet<string> = new Set(['/', pagePaths.identityCenter(), pagePaths.myRequests()])

const items: readonly NavigationItem[] = [
  { group: 'My access', title: 'Resources', to: pagePaths.resources(), icon: ResourcesIcon },
  { group: 'My access', title: 'Request access', to: pagePaths.requestAccess(), icon: RequestIcon },
  { group: 'My access', title: 'My requests', to: pagePaths.myRequests(), icon: RequestsIcon },
  {
    group: 'Requests',
    title: 'To review',
    to: pagePaths.requestsToReview(),
    icon: ReviewIcon,
    right: rights.reviewRequests,
    count: RequestsToReview,
  },
  { group: 'Requests', title: 'All requests', to: pagePaths.allRequests(), icon: RequestsIcon },
  {
    group: 'Access',
    title: 'Access lists',
    to: pagePaths.accessLists(),
    icon: AccessListsIcon,
    count: ReviewsDue,
  },
  {
    group: 'Access',
    title: 'Who can',
    to: pagePaths.whoCan(),
    icon: UsersIcon,
    right: rights.listUsers,
  },
  { group: 'Access', title: 'Explain access', to: pagePaths.explainAccess(), icon: RequestIcon },
  {
    group: 'Identity Center',
    title: 'Status',
    to: pagePaths.identityCenter(),
    icon: StatusIcon,
    right: rights.listPlugins,
  },
  {
    group: 'Identity Center',
    title: 'Plan',
    to: pagePaths.identityCenterPlan(),
    icon: PlanIcon,
    right: rights.listPlugins,
  },
  {
    group: 'Identity Center',
    title: 'Accounts',
    to: pagePaths.identityCenterAccounts(),
    icon: AccountsIcon,
    right: rights.listPlugins,
  },
  { group: 'People', title: 'Users', to: pagePaths.users(), icon: UsersIcon, right: rights.listUsers },
  { group: 'People', title: 'Roles', to: pagePaths.roles(), icon: RolesIcon, right: rights.listRoles },
  {
    group: 'People',
    title: 'Connectors',
    to: pagePaths.connectors(),
    icon: IntegrationsIcon,
    right: rights.listConnectors,
  },
  { group: 'People', title: 'Locks', to: pagePaths.locks(), icon: LockIcon, right: rights.listLocks },
  {
    group: 'People',
    title: 'Devices',
    to: pagePaths.devices(),
    icon: DevicesIcon,
    right: rights.listDevices,
  },
  { group: 'People', title: 'Tokens', to: pagePaths.tokens(), icon: KeyIcon, right: rights.listTokens },
  {
    group: 'Applications',
    title: 'Service providers',
    to: pagePaths.serviceProviders(),
    icon: ServiceProvidersIcon,
    // Everyone may read them, as signing in needs; whoever only opens them has Resources for that.
    right: rights.createServiceProviders,
  },
  { group: 'Audit', title: 'Audit log', to: pagePaths.audit(), icon: AuditIcon, right: rights.readAudit },
  { group: 'Settings', title: 'My settings', to: pagePaths.settings(), icon: SettingsIcon },
  {
    group: 'Settings',
    title: 'Integrations',
    to: pagePaths.integrations(),
    icon: IntegrationsIcon,
    right: rights.listPlugins,
  },
  {
    group: 'Settings',
    title: 'Configuration',
    to: pagePaths.kinds(),
    icon: ConfigurationIcon,
    right: rights.listRoles,
  },
  {
    group: 'Settings',
    title: 'Signing keys',
    to: pagePaths.keys(),
    icon: SigningKeysIcon,
    right: rights.readKeys,
  },
]

/** The pages that this session may open. */
export function useNavigation(): readonly NavigationItem[] {
  const { data } = useQuery(sessionQuery)
  return items.filter(({ right }) => right === undefined || data?.rights.includes(right))
}

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const visible = useNavigation()
  const groups = [...new Set(visible.map(({ group }) => group))]
  return (
    <nav aria-label="Main">
      {groups.map((group) => (
        <div key={group}>
          <div className="gh-nav-group" id={`nav-${group.replace(' ', '-')}`}>
            {group}
          </div>
          <ul className="gh-nav-list" aria-labelledby={`nav-${group.replace(' ', '-')}`}>
            {visible
              .filter((item) => item.group === group)
              .map(({ title, to, icon: Icon, count: Count }) => (
                <li key={to}>
                  <NavLink to={to} end={beginnings.has(to)} className="gh-nav-link" onClick={onNavigate}>
                    <Icon />
                    {title}
                    {Count ? <Count /> : null}
                  </NavLink>
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

function RequestsToReview() {
  return <Waiting count={useQuery(toReviewQuery).data} what="waiting" />
}

/** Reviews of lists that this person owns: where no mail goes out, nothing else asks them. */
function ReviewsDue() {
  return <Waiting count={useQuery(reviewsDueQuery).data} what="to review" />
}

/** How much waits for a decision of this person; nothing where nothing does. */
function Waiting({ count = 0, what }: { count: number | undefined; what: string }) {
  if (count === 0) return null
  return (
    <span className="gh-nav-count" title={`${count.toLocaleString('en')} ${what}`}>
      {count.toLocaleString('en')}
      <span className="gh-hidden"> {what}</span>
    </span>
  )
}
