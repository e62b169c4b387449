/** @module One role: its form and YAML, what it gives whoever holds it, and who that is. */
import { Group, SegmentedControl, Text } from '@mantine/core'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import type { KindAnswer } from '../../api/contract.js'
import { EffectiveAccess } from '../components/EffectiveAccess.js'
import { HolderList } from '../components/HolderList.js'
import { WithKind } from '../components/WithKind.js'
import { WithResource } from '../components/WithResource.js'
import { Workbench, type FormTools } from '../editor/Workbench.js'
import { RoleForm } from '../forms/RoleForm.js'
import { findTemplate, roleTemplates } from '../forms/role-templates.js'
import { pagePaths } from '../path-builder.js'
import { PageTitle } from '../ui/PageTitle.js'

const parent = { title: 'Roles', to: pagePaths.roles() }
const form = (tools: FormTools) => <RoleForm {...tools} />

export function RolePage() {
  const { name = 'new' } = useParams()
  const [search] = useSearchParams()
  const isNew = name === 'new' && !search.has('existing')
  return (
    <WithKind key={`${name}/${isNew}`} name="role">
      {(kind) => (isNew ? <NewRole kind={kind} /> : <Existing kind={kind} name={name} />)}
    </WithKind>
  )
}

function NewRole({ kind }: { kind: KindAnswer }) {
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const template = findTemplate(search.get('template'))
  return (
    <>
      <PageTitle title="New role" parent={parent} lead={template.says} />
      <Group gap="sm" mb="md">
        <Text size="sm" id="template-label">
          Begin with
        </Text>
        <SegmentedControl
          aria-labelledby="template-label"
          size="xs"
          value={template.id}
          onChange={(id) => setSearch({ template: id }, { replace: true })}
          data={roleTemplates.map(({ id, title }) => ({ value: id, label: title }))}
          style={{ flexWrap: 'wrap' }}
        />
      </Group>
      <Workbench
        key={template.id}
        kind={kind}
        draftName={`new ${template.id}`}
        initial={template.yaml}
        form={form}
        onSaved={([made]) => void navigate(made ? pagePaths.role(made.name) : pagePaths.roles())}
      />
    </>
  )
}

function Existing({ kind, name }: { kind: KindAnswer; name: string }) {
  const navigate = useNavigate()
  return (
    <>
      <PageTitle title={name} parent={parent} />
      <WithResource kind={kind} name={name}>
        {(answer) => (
          <>
            {answer.description ? (
              <Text c="dimmed" mb="md" mt="-sm">
                {answer.description}
              </Text>
            ) : null}
            <Workbench
              kind={kind}
              answer={answer}
              form={form}
              more={[
                // What is stored counts, not what is typed: nothing is given before it is saved.
                {
                  value: 'gives',
                  title: 'What it gives',
                  content: () => <EffectiveAccess of={{ kind: 'role', name: answer.name }} />,
                },
                { value: 'holders', title: 'Who holds it', content: () => <HolderList role={name} /> },
              ]}
              onDeleted={() => void navigate(pagePaths.roles())}
            />
          </>
        )}
      </WithResource>
    </>
  )
}
