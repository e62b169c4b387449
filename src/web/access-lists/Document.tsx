/** @module The document of a list: its form, its YAML, and its end. */
import { Alert } from '@mantine/core'
import { useNavigate } from 'react-router'
import type { ListDetail } from '../../api/contract/access-lists.js'
import { forgetResources } from '../api/resources.js'
import { WithKind } from '../components/WithKind.js'
import { WithResource } from '../components/WithResource.js'
import { Workbench, type FormTools } from '../editor/Workbench.js'
import { AccessListForm } from '../forms/AccessListForm.js'
import { pagePaths } from '../path-builder.js'
import { InfoIcon } from '../ui/Icons.js'

const form = (tools: FormTools) => <AccessListForm {...tools} />

/** Beside what stands above it of the members. */
const managedSays: Readonly<Record<ListDetail['type'], string | undefined>> = {
  standard: undefined,
  static:
    'Owners, grants and reviews can be changed here. Change them where the list is managed, too: what is applied from there later takes back what differs.',
  scim: 'Owners, grants and reviews are changed here; the title, the description and what members need come from the directory.',
}

export function Document({ detail: { name, type, may } }: { detail: ListDetail }) {
  const navigate = useNavigate()
  const says = may.edit ? managedSays[type] : undefined
  return (
    <>
      {says ? (
        <Alert icon={<InfoIcon />} p="sm" mb="md">
          {says}
        </Alert>
      ) : null}
      <WithKind name="access_list">
        {(kind) => (
          <WithResource kind={kind} name={name}>
            {(answer) => (
              <Workbench
                kind={kind}
                answer={answer}
                form={form}
                onSaved={() => void forgetResources()}
                onDeleted={() => void navigate(pagePaths.accessLists())}
              />
            )}
          </WithResource>
        )}
      </WithKind>
    </>
  )
}
