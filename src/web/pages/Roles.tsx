/** @module Roles: those that people write, and one for each account and permission set, found by search and page. */
import { Button, Menu } from '@mantine/core'
import { Link } from 'react-router'
import { ResourceTable } from '../components/ResourceTable.js'
import { WithKind } from '../components/WithKind.js'
import { roleTemplates } from '../forms/role-templates.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'

export function Roles() {
  return (
    <WithKind name="role">
      {(kind) => (
        <>
          <PageTitle
            title="Roles"
            lead="What people may open. Every account with every permission set is a role too, made by the gateway."
            actions={kind.verbs.includes('create') ? <NewRole /> : undefined}
          />
          <ResourceTable
            kind={kind}
            hrefOf={(name) => pagePaths.role(name)}
            withOrigin
            empty="A role says which applications and AWS accounts its holders may open. Begin with New role."
          />
        </>
      )}
    </WithKind>
  )
}

function NewRole() {
  return (
    <Menu position="bottom-end" width={320} withinPortal={false}>
      <Menu.Target>
        <Button>New role</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {roleTemplates.map(({ id, title, says }) => (
          <Menu.Item key={id} component={Link} to={pagePaths.newRole({ template: id })}>
            <b>{title}</b>
            <div style={{ fontSize: 12, color: 'var(--mantine-color-dimmed)' }}>{says}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
