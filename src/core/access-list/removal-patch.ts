/**
 * @module Documents that are to go, as a patch in the unified format that `git apply` and `patch -p1` read. It is made
 * from what is stored, so it fits where each document has a file of its own, as it is written here; in any other
 * arrangement it tells a person what to delete. No name steers it: paths have letters, digits and few signs only.
 */
export interface RemovedFile {
  /** Parts of the path; each is one name, whatever characters it has. */
  readonly path: readonly string[]
  /** Ends in a line break. */
  readonly text: string
}

/** `heading` stands before the patch, where the tools that read it look over it. */
export function removalPatch(heading: readonly string[], files: readonly RemovedFile[]): string {
  return [...heading.map((line) => `# ${oneLine(line)}\n`), ...files.map(removal)].join('')
}

function removal({ path, text }: RemovedFile): string {
  const name = path.map(safeName).join('/')
  const lines = text.replace(/\n$/, '').split('\n')
  return [
    `diff --git a/${name} b/${name}`,
    'deleted file mode 100644',
    `--- a/${name}`,
    '+++ /dev/null',
    `@@ -1${lines.length === 1 ? '' : `,${lines.length}`} +0,0 @@`,
    ...lines.map((line) => `-${line}`),
    '',
  ].join('\n')
}

/** Everything else as `%` and its octets in UTF-8; never `.` or `..`. */
function safeName(name: string): string {
  const safe = [...new TextEncoder().encode(name)]
    .map((octet) => {
      const character = String.fromCharCode(octet)
      return /[A-Za-z0-9@._+-]/.test(character) ? character : `%${octet.toString(16).padStart(2, '0')}`
    })
    .join('')
  return safe.replace(/^\.+$/, (dots) => '%2e'.repeat(dots.length))
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
}
