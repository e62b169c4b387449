/** @module Text to carry elsewhere, a script or a command: shown whole, with buttons that copy and download it. */
import { Button, CopyButton, Group } from '@mantine/core'

interface CodeBlockProps {
  /** What it is, for assistive technology and buttons: "set-up script". */
  name: string
  text: string
  /** With it, a button downloads the text under this name. */
  fileName?: string
}

export function CodeBlock({ name, text, fileName }: CodeBlockProps) {
  return (
    <div>
      <Group gap="xs" mb={6}>
        <CopyButton value={text} timeout={2000}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy}>
              {copied ? `Copied the ${name}` : `Copy the ${name}`}
            </Button>
          )}
        </CopyButton>
        {fileName ? (
          <Button
            component="a"
            variant="default"
            size="xs"
            href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}
            download={fileName}
          >
            Download {fileName}
          </Button>
        ) : null}
      </Group>
      <pre className="gh-json gh-code-block" tabIndex={0} role="region" aria-label={name}>
        {text}
      </pre>
    </div>
  )
}
