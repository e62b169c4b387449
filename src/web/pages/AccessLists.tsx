/** @module Access lists: people who share roles, with owners who answer for it. */
import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { ResourceTable } from '../components/ResourceTable.js'
import { WithKind } from '../components/WithKind.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'

export function AccessLists() {
  return (
    <WithKind name="access_list">
      {(kind) => (
        <>
          <PageTitle
            title="Access lists"
            lead="People who share roles, with owners who answer for it. Lists that reach AWS accounts are groups there."
            actions={
              kind.verbs.includes('create') ? (
                <Button component={Link} to={pagePaths.newAccessList()}>
                  New access list
                </Button>
              ) : undefined
            }
          />
          <ResourceTable
            kind={kind}
            hrefOf={(name) => pagePaths.accessList(name)}
            nameShare={1.4}
            empty="Import the groups of Identity Center in its set-up, or begin with New access list."
          />
        </>
      )}
    </WithKind>
  )
}
