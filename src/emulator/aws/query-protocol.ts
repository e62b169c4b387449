/**
 * @module AWS Query (iam, sts): a form with `Action` and `Version`, lists as `Name.member.1`, answers in XML.
 */
import type { Answer } from '../answer.js'
import type { SignatureProblem } from './authorization-header.js'
import type { Dialect } from './dialect.js'
import type { Protocol } from './engine.js'
import { AwsError } from './error.js'
import { readQueryInput } from './query-input.js'
import { xmlElement, xmlMembers } from './xml.js'

const signatureErrors: Readonly<Record<SignatureProblem, readonly [code: string, status: number]>> = {
  missing: ['MissingAuthenticationToken', 403],
  incomplete: ['IncompleteSignature', 400],
  'unknown-key': ['InvalidClientTokenId', 403],
  expired: ['ExpiredToken', 403],
  mismatch: ['SignatureDoesNotMatch', 403],
  stale: ['SignatureDoesNotMatch', 403],
}

export function queryProtocol(dialect: Dialect, form: URLSearchParams): Protocol {
  const namespace = dialect.namespace ?? ''
  return {
    readInput: (operation) => readQueryInput(operation.input, form),
    writeOutput: ({ name }, output, requestId) => {
      // An operation without output has no result element.
      const result = Object.keys(output).length === 0 ? '' : xmlElement(`${name}Result`, xmlMembers(output))
      const metadata = xmlElement('ResponseMetadata', xmlElement('RequestId', requestId))
      return write(200, xmlElement(`${name}Response`, result + metadata, namespace), requestId)
    },
    writeError: (error, requestId) => writeQueryError(error, requestId, namespace),
    signatureError: ({ problem, detail }) => {
      const [code, status] = signatureErrors[problem]
      return new AwsError(code, detail, status)
    },
    expired: () => new AwsError('ExpiredToken', 'The security token included in the request is expired', 403),
  }
}

export function writeQueryError(error: AwsError, requestId: string, namespace: string): Answer {
  const body = xmlMembers({
    Type: error.status >= 500 ? 'Receiver' : 'Sender',
    Code: error.code,
    Message: error.message,
    ...error.members,
  })
  const content = xmlElement('Error', body) + xmlElement('RequestId', requestId)
  return {
    ...write(error.status, xmlElement('ErrorResponse', content, namespace), requestId),
    error: error.code,
  }
}

function write(status: number, body: string, requestId: string): Answer {
  return { status, headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId }, body }
}
