/** @module The document of a list: its form, its YAML, and its end. */
import { useNavigate } from 'react-router'
import { forgetResources } from '../api/resources.js'
import { WithKind } from '../components/WithKind.js'
import { WithResource } from '../components/WithResource.js'
import { Workbench, type FormTools } from '../editor/Workbench.js'
import { AccessListForm } from '../forms/AccessListForm.js'
import { pagePaths } from '../path-builder.js'

const form = (tools: FormTools) => <AccessListForm {...tools} />

export function Document({ name }: { name: string }) {
  const navigate = useNavigate()
  return (
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
  )
}
