/** @module One resource of any kind as YAML: read, edited, made or deleted, with the server's word while typing. */
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { useState } from 'react'
import type { ChangeAnswer, KindAnswer } from '../../api/contract.js'
import { connectorKinds } from '../api/connectors.js'
import { directoryKinds } from '../api/directories.js'
import { DirectoryCard } from '../components/DirectoryCard.js'
import { IssuedSecret } from '../components/IssuedSecret.js'
import { WebhookState } from '../components/WebhookState.js'
import { WithKind } from '../components/WithKind.js'
import { WithResource } from '../components/WithResource.js'
import { Workbench, type FormTools } from '../editor/Workbench.js'
import { PreferenceForm } from '../forms/PreferenceForm.js'
import { pagePaths } from '../path-builder.js'
import { startUpper } from '../ui/format.js'
import { pluralOf } from '../ui/kind-words.js'
import { PageTitle } from '../ui/PageTitle.js'

const preferenceForm = (tools: FormTools) => <PreferenceForm {...tools} />

export function ResourcePage() {
  const { kind: word = '', name = 'new' } = useParams()
  const [search] = useSearchParams()
  const isNew = name === 'new' && !search.has('existing')
  return (
    <WithKind key={`${word}/${name}/${isNew}`} name={word}>
      {(kind) => (isNew ? <NewResource kind={kind} /> : <Existing kind={kind} name={name} />)}
    </WithKind>
  )
}

function NewResource({ kind }: { kind: KindAnswer }) {
  const navigate = useNavigate()
  const [made, setMade] = useState<readonly ChangeAnswer[]>()
  function goOn(changes: readonly ChangeAnswer[]): void {
    const own = changes.filter((change) => change.kind === kind.name)
    const [only] = own
    void navigate(
      own.length === 1 && only ? pagePaths.resource(kind.name, only.name) : pagePaths.resourceList(kind.name),
    )
  }
  return (
    <>
      <PageTitle
        title={`New ${kind.title}`}
        lead="One document, or several with --- between them; all of them are made, or none."
        parent={{
          title: startUpper(pluralOf(kind)),
          to: pagePaths.resourceList(kind.name),
        }}
      />
      <Workbench
        kind={kind}
        initial={kind.example}
        mustChange
        onSaved={(changes) =>
          changes.some(({ secret }) => secret !== undefined) ? setMade(changes) : goOn(changes)
        }
      />
      {made ? <IssuedSecret changes={made} onClose={() => goOn(made)} /> : null}
    </>
  )
}

function Existing({ kind, name }: { kind: KindAnswer; name: string }) {
  const navigate = useNavigate()
  return (
    <>
      <PageTitle title={name} lead={kind.description} parent={parentOf(kind)} />
      <WithResource kind={kind} name={name}>
        {(answer) => (
          <>
            <Workbench
              kind={kind}
              answer={answer}
              {...(kind.name === 'cluster_auth_preference' && { form: preferenceForm })}
              onDeleted={() => void navigate(pagePaths.resourceList(kind.name))}
            />
            {kind.name === 'webhook' ? <WebhookState name={answer.name} /> : null}
            {directoryKinds.includes(kind.name) ? (
              <DirectoryCard connector={answer.name} mayUpdate={kind.verbs.includes('update')} />
            ) : null}
          </>
        )}
      </WithResource>
    </>
  )
}

/** The page from which people come: connectors of all kinds stand on one. */
function parentOf(kind: KindAnswer): { readonly title: string; readonly to: string } {
  if (connectorKinds.some((one) => one === kind.name))
    return { title: 'Connectors', to: pagePaths.connectors() }
  return { title: startUpper(pluralOf(kind)), to: pagePaths.resourceList(kind.name) }
}
