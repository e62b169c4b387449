/** @module One access list: who is in it, what it grants, what of it is in AWS, and its document. */
import { Badge, Group, Tabs, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import type { KindAnswer } from '../../api/contract.js'
import { sessionQuery } from '../api/queries.js'
import { MemberList } from '../components/MemberList.js'
import { WithKind } from '../components/WithKind.js'
import { WithResource } from '../components/WithResource.js'
import { Workbench, type FormTools } from '../editor/Workbench.js'
import { emptyAccessList, readAccessListFields, type AccessListFields } from '../forms/access-list-fields.js'
import { AccessListForm } from '../forms/AccessListForm.js'
import { pagePaths } from '../path-builder.js'
import { BreakableName } from '../ui/BreakableName.js'
import { PageTitle } from '../ui/PageTitle.js'

const parent = { title: 'Access lists', to: pagePaths.accessLists() }
const form = (tools: FormTools) => <AccessListForm {...tools} />
const views = ['members', 'grants', 'edit'] as const

export function AccessListPage() {
  const { name = 'new' } = useParams()
  const [search] = useSearchParams()
  const isNew = name === 'new' && !search.has('existing')
  return (
    <WithKind key={`${name}/${isNew}`} name="access_list">
      {(kind) => (isNew ? <NewAccessList kind={kind} /> : <Existing kind={kind} name={name} />)}
    </WithKind>
  )
}

function NewAccessList({ kind }: { kind: KindAnswer }) {
  const navigate = useNavigate()
  const me = useQuery(sessionQuery).data?.user?.name
  return (
    <>
      <PageTitle
        title="New access list"
        parent={parent}
        lead="Members get what it grants. A list that grants access to AWS accounts becomes a group there."
      />
      <Workbench
        kind={kind}
        draftName="new"
        initial={emptyAccessList(me)}
        mustChange
        form={form}
        onSaved={([made]) => void navigate(made ? pagePaths.accessList(made.name) : pagePaths.accessLists())}
      />
    </>
  )
}

function Existing({ kind, name }: { kind: KindAnswer; name: string }) {
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const view = views.find((one) => one === search.get('view')) ?? 'members'
  return (
    <WithResource kind={kind} name={name}>
      {(answer) => {
        const read = readAccessListFields(answer.yaml)
        const fields = 'fields' in read ? read.fields : undefined
        const title = fields?.title || name
        return (
          <>
            <PageTitle
              title={title}
              parent={parent}
              lead={title === name ? undefined : <code>{name}</code>}
            />
            <Tabs
              value={view}
              onChange={(value) =>
                setSearch(value === null || value === 'members' ? {} : { view: value }, { replace: true })
              }
              keepMounted={false}
            >
              <Tabs.List mb="md">
                <Tabs.Tab value="members">Members</Tabs.Tab>
                <Tabs.Tab value="grants">Grants</Tabs.Tab>
                <Tabs.Tab value="edit">{kind.verbs.includes('update') ? 'Edit' : 'Document'}</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="members">
                <MemberList list={name} mayChange={kind.verbs.includes('update')} />
              </Tabs.Panel>
              <Tabs.Panel value="grants">{fields ? <Grants fields={fields} /> : null}</Tabs.Panel>
              <Tabs.Panel value="edit">
                <Workbench
                  kind={kind}
                  answer={answer}
                  form={form}
                  onDeleted={() => void navigate(pagePaths.accessLists())}
                />
              </Tabs.Panel>
            </Tabs>
          </>
        )
      }}
    </WithResource>
  )
}

function Grants({ fields: { owners, roles, plugin } }: { fields: AccessListFields }) {
  const reaches = roles.some((role) => role.startsWith('assignment/') || /-on-.+-\d{9,12}$/.test(role))
  return (
    <>
      <section className="gh-section" aria-label="Grants">
        <Title order={2}>What members get</Title>
        {roles.length === 0 ? (
          <Text c="dimmed">Nothing yet: add roles under Edit.</Text>
        ) : (
          <ul className="gh-panel gh-rows" aria-label="Roles">
            {roles.map((role) => (
              <li key={role}>
                <Link to={pagePaths.role(role)} className="gh-row-link">
                  <BreakableName value={role} />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="gh-section" aria-label="Owners">
        <Title order={2}>Owners</Title>
        <Group gap={6}>
          {owners.map((owner) => (
            <Badge key={owner} color="gray" className="gh-label">
              {owner}
            </Badge>
          ))}
          {owners.length === 0 ? <Text c="dimmed">Nobody.</Text> : null}
        </Group>
      </section>
      <section className="gh-section" aria-label="In AWS">
        <Title order={2}>In AWS</Title>
        <Text>
          {plugin
            ? 'It was imported from a group of Identity Center and stays that group until somebody deletes the list.'
            : reaches
              ? 'It grants access to AWS accounts, so it is a group in Identity Center.'
              : 'It becomes a group in Identity Center as soon as it grants a permission set in an account.'}
        </Text>
        <Link to={pagePaths.identityCenterPlan(plugin ? { plugin } : {})} className="gh-row-link">
          See what differs now
        </Link>
      </section>
    </>
  )
}
