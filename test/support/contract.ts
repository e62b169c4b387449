/**
 * @module Judges live answers by the OpenAPI document of the gateway that gave them, with a validator that knows
 * nothing of our schemas. Whatever is not described, a property more included, is a fault.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type supertest from 'supertest'

type Json = Readonly<Record<string, unknown>>
export type OpenApiDocument = Json & {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>
}

export class Contract {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true })
  readonly #compiled = new Map<string, ValidateFunction>()

  constructor(document: OpenApiDocument) {
    formats.default(this.#ajv)
    this.#ajv.addSchema(document, 'openapi')
  }

  /** What is wrong with the answer to this operation; empty for one that is as described. */
  faultsOf(method: string, path: string, response: supertest.Response): string[] {
    const type = /^[^;]*/.exec(response.headers['content-type'] ?? '')?.[0] ?? ''
    const operation = ['paths', path.replace(/:(\w+)/g, '{$1}'), method, 'responses']
    const pointer =
      response.status < 400
        ? [...operation, String(response.status), 'content', type, 'schema']
        : ['components', 'responses', 'Problem', 'content', type, 'schema']
    const $ref = `openapi#/${pointer.map(escape).join('/')}`
    try {
      const validate = this.#compile($ref)
      if (validate(response.body)) return []
      return (validate.errors ?? []).map(
        (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
      )
    } catch (error) {
      return [`${response.status} ${type} is not described: ${String(error)}`]
    }
  }

  #compile($ref: string): ValidateFunction {
    const known = this.#compiled.get($ref) ?? this.#ajv.compile({ $ref })
    this.#compiled.set($ref, known)
    return known
  }
}

/** RFC 6901, in the fragment of a URI. */
function escape(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}
