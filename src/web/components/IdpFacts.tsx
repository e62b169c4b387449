/** @module What the other side has to be told about this gateway, each with a button that copies it. */
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { idpMetadataQuery } from '../api/service-providers.js'
import { apiPaths } from '../path-builder.js'
import { CopyText } from '../ui/CopyText.js'
import { readMetadata } from '../ui/saml-metadata.js'
import { ErrorState } from '../ui/States.js'

/** AWS has names of its own for some of these; they are what a person looks for there. */
const words = {
  aws: {
    metadata: 'IdP SAML metadata',
    entityId: 'IdP issuer URL',
    ssoUrl: 'IdP sign-in URL',
    certificate: 'IdP certificate',
  },
  other: { metadata: 'Metadata', entityId: 'Entity ID', ssoUrl: 'Sign-in URL', certificate: 'Certificate' },
} as const

/** Where to go in the AWS console and what to do there. */
export function AwsSteps() {
  return (
    <ol className="gh-steps">
      <li>
        In the AWS console open <b>IAM Identity Center</b>, <b>Settings</b>, tab <b>Identity source</b>,{' '}
        <b>Actions</b>, <b>Change identity source</b>, and choose <b>External identity provider</b>.
      </li>
      <li>
        Under <b>Service provider metadata</b> choose <b>Download metadata file</b>, and give that file to the
        form here.
      </li>
      <li>
        Under <b>Identity provider metadata</b> upload the metadata of this gateway as{' '}
        <b>IdP SAML metadata</b>, or copy the three values below it.
      </li>
      <li>Create the service provider here, and test it with a person who has to reach AWS.</li>
      <li>
        Read the <b>pre-flight</b> in the set-up, and mend what it names: whoever it does not call fine is
        shut out.
      </li>
      <li>
        Confirm the change there. From that moment everyone signs in to AWS through this gateway and in no
        other way.
      </li>
    </ol>
  )
}

export function IdpFacts({ isAws }: { isAws: boolean }) {
  const metadata = useQuery(idpMetadataQuery)
  if (metadata.isPending) return <Skeleton h={160} role="status" aria-label="Loading our metadata" />
  if (metadata.error) {
    return (
      <ErrorState
        error={metadata.error}
        what="Our metadata could not be read"
        onRetry={() => void metadata.refetch()}
      />
    )
  }
  const read = readMetadata(metadata.data)
  const say = isAws ? words.aws : words.other
  const url = window.location.origin + apiPaths.idpMetadata()
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          component="a"
          href={apiPaths.idpMetadata()}
          download="gatehouse-metadata.xml"
          variant="default"
          size="xs"
        >
          Download our metadata
        </Button>
      </Group>
      <dl className="gh-facts">
        <dt>{say.metadata}</dt>
        <dd>
          <CopyText value={url} name="metadata address" />
        </dd>
        <dt>{say.ssoUrl}</dt>
        <dd>{read?.ssoUrl ? <CopyText value={read.ssoUrl} name="sign-in URL" /> : '–'}</dd>
        <dt>{say.entityId}</dt>
        <dd>{read ? <CopyText value={read.entityId} name="entity ID" /> : '–'}</dd>
        <dt>{say.certificate}</dt>
        <dd>
          {(read?.certificates ?? []).map((pem, at) => (
            <CopyText
              key={pem}
              value={pem}
              shown={`${pem.split('\n')[1]?.slice(0, 24) ?? ''}…`}
              name={at === 0 ? 'certificate' : 'next certificate'}
            />
          ))}
        </dd>
      </dl>
      {(read?.certificates.length ?? 0) > 1 ? (
        <Text size="sm">
          A new signing key is published: the other side has to trust both certificates for now.
        </Text>
      ) : null}
    </Stack>
  )
}
