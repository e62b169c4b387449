/** @module Service providers: the applications that people sign in to through this gateway. */
import { Badge, Button, Group, Text } from '@mantine/core'
import { Link } from 'react-router'
import type { ResourceItem } from '../../api/contract.js'
import { ResourceTable } from '../components/ResourceTable.js'
import { WithKind } from '../components/WithKind.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'
import { startUpper } from '../ui/format.js'

export function ServiceProviders() {
  return (
    <WithKind name="saml_idp_service_provider">
      {(kind) => (
        <>
          <PageTitle
            title="Service providers"
            lead="Applications that people sign in to through this gateway. Roles open them by their labels."
            actions={
              kind.verbs.includes('create') ? (
                <Button component={Link} to={pagePaths.newServiceProvider()}>
                  New service provider
                </Button>
              ) : undefined
            }
          />
          <ResourceTable
            kind={kind}
            hrefOf={(name) => pagePaths.serviceProvider(name)}
            nameShare={1}
            below={(item) => <Below item={item} />}
            empty="AWS IAM Identity Center is the first that most gateways have. Begin with New service provider: the page tells what to copy where."
          />
        </>
      )}
    </WithKind>
  )
}

function Below({ item: { labels, problem } }: { item: ResourceItem }) {
  const pairs = Object.entries(labels)
  return (
    <>
      {problem ? (
        <Text size="xs" c="red">
          {startUpper(problem)}
        </Text>
      ) : null}
      {pairs.length > 0 ? (
        <Group gap={4} mt={2}>
          {pairs.map(([key, value]) => (
            <Badge key={key} color="gray" ff="monospace" className="gh-label">
              {key}: {value}
            </Badge>
          ))}
        </Group>
      ) : null}
    </>
  )
}
