/**
 * @module XML of the Query protocol's answers. Lists become `member` elements; what is undefined is left out.
 */

function escapeXml(text: string): string {
  const escaped = text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;' })[c] ?? '&gt;')
  // XML 1.0 §2.2 knows no other control characters; §2.11 would turn a bare CR into LF.
  return escaped
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/\r/g, '&#xD;')
}

/** An element; `content` is XML already. */
export function xmlElement(name: string, content: string, namespace?: string): string {
  const declared = namespace === undefined ? '' : ` xmlns="${namespace}"`
  return `<${name}${declared}>${content}</${name}>`
}

/** The members of a structure as elements, in their order. */
export function xmlMembers(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => xmlElement(name, xmlValue(value)))
    .join('')
}

function xmlValue(value: unknown): string {
  if (Array.isArray(value)) return value.map((item: unknown) => xmlElement('member', xmlValue(item))).join('')
  if (typeof value === 'object' && value !== null) return xmlMembers(value as Record<string, unknown>)
  return escapeXml(String(value))
}
