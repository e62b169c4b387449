/** @module Metadata of the other side: pasted, chosen or dropped as a file; what it says is shown at once. */
import { Button, FileButton, Group, Text, Textarea } from '@mantine/core'
import { useState, type DragEvent } from 'react'
import { RelativeTime } from '../ui/RelativeTime.js'
import { readMetadata } from '../ui/saml-metadata.js'

interface MetadataFieldProps {
  value: string
  onChange: (xml: string) => void
  /** What is wrong with what stands in it. */
  error?: string | undefined
}

/** More than the server takes is not even read. */
const maxBytes = 512 * 1024

export function MetadataField({ value, onChange, error }: MetadataFieldProps) {
  const [problem, setProblem] = useState<string>()
  const [over, setOver] = useState(false)
  async function take(file: File | null | undefined): Promise<void> {
    if (!file) return
    if (file.size > maxBytes) {
      setProblem(`${file.name} is larger than 512 KiB: it cannot be metadata of one application.`)
      // What was there before is not what was chosen now.
      onChange('')
      return
    }
    setProblem(undefined)
    onChange(await file.text())
  }
  function drop(event: DragEvent): void {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <div
      className="gh-drop"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Textarea
        label="Metadata (XML)"
        description="Paste it, drop the file here, or choose it."
        value={value}
        onChange={(event) => {
          setProblem(undefined)
          onChange(event.currentTarget.value)
        }}
        rows={6}
        error={problem ?? error}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      />
      <Group mt="xs">
        <FileButton onChange={(file) => void take(file)} accept=".xml,application/xml,text/xml">
          {(props) => (
            <Button variant="default" size="xs" {...props}>
              Choose file …
            </Button>
          )}
        </FileButton>
      </Group>
      {error === undefined ? <MetadataFacts xml={value} /> : null}
    </div>
  )
}

/** What the metadata says, as far as this page can read it. */
export function MetadataFacts({ xml }: { xml: string }) {
  if (xml.trim() === '') return null
  const read = readMetadata(xml)
  if (!read) {
    return (
      <Text size="sm" mt="xs">
        This text is not metadata of one application. What is wrong is told under Check.
      </Text>
    )
  }
  const { entityId, acsUrls, validUntil, certificates } = read
  return (
    <dl className="gh-facts gh-metadata-facts">
      <dt>Entity ID</dt>
      <dd>{entityId}</dd>
      <dt>Receives assertions at</dt>
      <dd>{acsUrls.length === 0 ? 'nowhere' : acsUrls.map((url) => <div key={url}>{url}</div>)}</dd>
      <dt>Valid until</dt>
      <dd>{validUntil === undefined ? 'no end is told' : <Ending at={validUntil} />}</dd>
      <dt>Certificates</dt>
      <dd>{certificates.length === 0 ? 'none: it does not sign its requests' : certificates.length}</dd>
    </dl>
  )
}

function Ending({ at }: { at: string }) {
  return Date.parse(at) <= Date.now() ? (
    <b>
      ended <RelativeTime at={at} />: get new metadata from the application
    </b>
  ) : (
    <RelativeTime at={at} />
  )
}
