/**
 * @module Groups that AWS Control Tower makes in Identity Center, and what each holds where.
 */
import type { PlannedAccount } from './plan-accounts.js'

type Where = 'management' | 'log-archive' | 'audit' | 'core' | 'members' | 'all'

export interface ControlTowerGroup {
  readonly name: string
  readonly holds: readonly (readonly [permissionSet: string, where: Where])[]
}

export const controlTowerGroups: readonly ControlTowerGroup[] = [
  {
    name: 'AWSControlTowerAdmins',
    holds: [
      ['AWSAdministratorAccess', 'core'],
      ['AWSOrganizationsFullAccess', 'members'],
    ],
  },
  { name: 'AWSAccountFactory', holds: [['AWSServiceCatalogEndUserAccess', 'management']] },
  { name: 'AWSServiceCatalogAdmins', holds: [['AWSServiceCatalogAdminFullAccess', 'management']] },
  { name: 'AWSSecurityAuditPowerUsers', holds: [['AWSPowerUserAccess', 'all']] },
  { name: 'AWSSecurityAuditors', holds: [['AWSReadOnlyAccess', 'all']] },
  { name: 'AWSLogArchiveAdmins', holds: [['AWSAdministratorAccess', 'log-archive']] },
  { name: 'AWSLogArchiveViewers', holds: [['AWSReadOnlyAccess', 'log-archive']] },
  { name: 'AWSAuditAccountAdmins', holds: [['AWSAdministratorAccess', 'audit']] },
]

const core = ['management', 'log-archive', 'audit']

export function isWhere(account: PlannedAccount, where: Where): boolean {
  switch (where) {
    case 'all':
      return true
    case 'core':
      return core.includes(account.name)
    case 'members':
      return !core.includes(account.name)
    case 'management':
    case 'log-archive':
    case 'audit':
      return account.name === where
  }
}
