/**
 * @module From a request of either protocol to its answer: who calls, which operation, what input, whether it may,
 * what it does. The protocols differ only in how they read and write.
 */
import type { Request, Response } from 'express'
import { answerCall, type Answer, type AnsweredFault, type Identity } from '../answer.js'
import { findDenial } from '../access/authorise.js'
import type { EmulatorContext } from '../context.js'
import { authenticate, type Authentication } from './authenticate.js'
import type { SignatureRefusal } from './authorization-header.js'
import { AwsError } from './error.js'
import type { Call, Caller, Operation, Output, Service } from './operation.js'
import { readHeaders } from './sigv4.js'
import { describeViolations, findViolations } from './validate.js'

/** How a protocol reads inputs and writes answers. */
export interface Protocol {
  /** @throws AwsError `SerializationException` or what the protocol has for it */
  readInput(operation: Operation): unknown
  writeOutput(operation: Operation, output: Output, requestId: string): Answer
  writeError(error: AwsError, requestId: string): Answer
  /** The protocol's error for a signature that was not taken. */
  signatureError(refusal: SignatureRefusal): AwsError
  /** The protocol's error for a session that has ended. */
  expired(): AwsError
}

export interface AwsRequest {
  readonly service: Service
  readonly operation: Operation
  readonly body: Buffer
  readonly protocol: Protocol
}

const nobody: Caller = {
  accessKeyId: '',
  secretAccessKey: '',
  accountId: '',
  arn: '',
  userId: '',
}

export async function answerAws(
  context: EmulatorContext,
  req: Request,
  res: Response,
  { service, operation, body, protocol }: AwsRequest,
): Promise<void> {
  const requestId = context.random.uuid()
  const signed = { method: req.method, target: req.originalUrl, headers: readHeaders(req.rawHeaders), body }
  const isSigned = !operation.unsigned || req.headers.authorization !== undefined
  const { dialect } = service
  const writeError = (error: AwsError): Answer =>
    protocol.writeError(dialect.completeError?.(error, requestId) ?? error, requestId)
  await answerCall(context, req, res, {
    operation: `${dialect.service}:${operation.name}`,
    requestId,
    authenticate: () => (isSigned ? authenticate(context, signed) : undefined),
    identityOf,
    refuse: (fault) => writeError(faultError(fault, service, protocol)),
    run: async (who) => {
      try {
        const caller = callerOf(who, context, service, protocol)
        const input = protocol.readInput(operation)
        const violations = findViolations(operation.input, input)
        if (violations.length > 0) throw dialect.invalid(describeViolations(violations), violations)
        const region = regionOf(who, service)
        const call: Call = { context, caller, region, requestId, now: context.clock.now() }
        if (operation.action !== undefined) {
          const denial = findDenial(call, operation.action, operation.resources(input, call))
          if (denial !== undefined) throw dialect.accessDenied(denial)
        }
        return protocol.writeOutput(operation, await operation.handle(input, call), requestId)
      } catch (error) {
        if (error instanceof AwsError) return writeError(error)
        context.logger.error({ err: error, operation: operation.name }, 'emulator failed')
        return writeError(new AwsError('EmulatorDefect', 'the emulator failed; its log has the reason', 500))
      }
    },
  })
}

function identityOf(who: Authentication | undefined): Identity {
  if (who === undefined) return { caller: 'unsigned', known: true }
  if ('problem' in who) return { caller: 'unknown', known: false }
  return { caller: who.credential.accessKeyId, known: true, accountId: who.credential.accountId }
}

/** @throws AwsError where nobody known signed, or for another service or Region */
function callerOf(
  who: Authentication | undefined,
  context: EmulatorContext,
  { dialect }: Service,
  protocol: Protocol,
): Caller {
  if (who === undefined) return nobody
  if ('problem' in who) throw protocol.signatureError(who)
  if (who.signingName !== dialect.signingName) {
    const detail = `Credential should be scoped to correct service: '${dialect.signingName}'.`
    throw protocol.signatureError({ problem: 'mismatch', detail })
  }
  const { region } = context.state.instance
  if (dialect.region === 'instance' && who.region !== region) {
    throw dialect.accessDenied(`There is no IAM Identity Center instance in ${who.region}.`)
  }
  return who.credential
}

/** Global services are in `us-east-1`, whatever the credential is scoped to; so is who does not sign. */
function regionOf(who: Authentication | undefined, { dialect }: Service): string {
  const isGlobal = dialect.region === 'any' && dialect.service !== 'sts'
  return isGlobal || who === undefined || 'problem' in who ? 'us-east-1' : who.region
}

function faultError(fault: AnsweredFault, { dialect }: Service, protocol: Protocol): AwsError {
  switch (fault) {
    case 'throttle':
      return dialect.throttled()
    case 'error':
      return dialect.failed()
    case 'expired-token':
      return protocol.expired()
    case 'region-down':
      return new AwsError('ServiceUnavailable', 'The service is unavailable. Please try again shortly.', 503)
  }
}
