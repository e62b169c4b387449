/** @module The resources of any kind: kinds that have no page of their own are listed, made and edited here. */
import { Button } from '@mantine/core'
import { Link, useParams } from 'react-router'
import { ResourceTable } from '../components/ResourceTable.js'
import { WithKind } from '../components/WithKind.js'
import { pagePaths } from '../path-builder.js'
import { startUpper } from '../ui/format.js'
import { pluralOf } from '../ui/kind-words.js'
import { PageTitle } from '../ui/PageTitle.js'

export function ResourceList() {
  const { kind: word = '' } = useParams()
  return (
    <WithKind key={word} name={word}>
      {(kind) => (
        <>
          <PageTitle
            title={startUpper(pluralOf(kind))}
            lead={kind.description}
            parent={{ title: 'Configuration', to: pagePaths.kinds() }}
            actions={
              kind.verbs.includes('create') && kind.singleton === undefined ? (
                <Button component={Link} to={pagePaths.newResource(kind.name)}>
                  New {kind.title}
                </Button>
              ) : undefined
            }
          />
          <ResourceTable
            kind={kind}
            hrefOf={(name) => pagePaths.resource(kind.name, name)}
            empty={kind.description}
          />
        </>
      )}
    </WithKind>
  )
}
