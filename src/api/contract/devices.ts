/** @module Devices: what lists show beside the resource, enrolment, and vouching for a sign-in. */
import { z } from 'zod'
import { deviceKeyStorages, deviceOsTypes } from '../../core/device/device.js'

export const deviceItem = z.object({
  /** The device id. */
  name: z.string(),
  assetTag: z.string(),
  osType: z.enum(deviceOsTypes),
  owner: z.string().optional(),
  source: z.string().optional(),
  /** `waiting`: a token that enrols it is out, whether or not it has a key already. */
  state: z.enum(['enrolled', 'waiting', 'not_enrolled', 'locked']),
  /** Who enrolled the key that it has. */
  enrolledBy: z.string().optional(),
  enrolledAt: z.string().optional(),
  /** Where its command line says that the key is. */
  assurance: z.enum(deviceKeyStorages).optional(),
  lastUsedAt: z.string().optional(),
})
export type DeviceItem = z.infer<typeof deviceItem>
export const deviceListAnswer = z.object({ items: z.array(deviceItem) })
export type DeviceListAnswer = z.infer<typeof deviceListAnswer>

export const enrollTokenAnswer = z.object({
  device: z.string(),
  assetTag: z.string(),
  /** Shown this once. */
  token: z.string(),
  expiresAt: z.string(),
})
export type EnrollTokenAnswer = z.infer<typeof enrollTokenAnswer>

const secret = z.string().min(8).max(200)

export const enrollInspectRequest = z.strictObject({ token: secret })
export const enrollInspectAnswer = z.object({
  device: z.string(),
  assetTag: z.string(),
  osType: z.enum(deviceOsTypes),
  /** Origin under which the gateway knows itself; the key signs it. */
  gateway: z.string(),
  nonce: z.string(),
})
export type EnrollInspectAnswer = z.infer<typeof enrollInspectAnswer>

export const enrollRequest = z.strictObject({
  token: secret,
  /** SubjectPublicKeyInfo, DER in base64url: EC P-256 or Ed25519. */
  publicKey: z.string().min(40).max(300),
  storage: z.enum(deviceKeyStorages),
  /** Over the statement of enrolment, base64url. */
  signature: z.string().min(40).max(300),
})
export type EnrollRequest = z.infer<typeof enrollRequest>
export const enrollAnswer = z.object({ device: z.string(), assetTag: z.string() })
export type EnrollAnswer = z.infer<typeof enrollAnswer>

/** What the page of the device step shows. */
export const deviceStepAnswer = z.object({
  serviceProvider: z.string(),
  user: z.string(),
  /** Missing: the sign-in can go on. */
  wanted: z.enum(['required', 'optional']).optional(),
  because: z.string(),
  devices: z.array(
    z.object({
      assetTag: z.string(),
      osType: z.enum(deviceOsTypes),
      assurance: z.enum(deviceKeyStorages),
      isLocked: z.boolean(),
      /** Whether its key is where the cluster wants it. */
      isEnough: z.boolean(),
    }),
  ),
  /** Of the newest time that a device was asked. */
  state: z.enum(['waiting', 'signed', 'refused', 'expired']).optional(),
  /** Where the sign-in goes on. */
  next: z.string(),
})
export type DeviceStepAnswer = z.infer<typeof deviceStepAnswer>

const handle = z.string().min(20).max(200)
export const deviceAskRequest = z.strictObject({
  handle,
  way: z.enum(['loopback', 'code']),
  /** Of `gatehouse device confirm` on this machine; the default port where it is missing. */
  port: z.int().min(1).max(65_535).optional(),
})
export type DeviceAskRequest = z.infer<typeof deviceAskRequest>
export const deviceAskAnswer = z.object({
  /** Where the browser meets the device, on its own machine. */
  redirectUrl: z.string().optional(),
  /** What the person types on the device instead. */
  code: z.string().optional(),
  expiresAt: z.string(),
})
export type DeviceAskAnswer = z.infer<typeof deviceAskAnswer>
export const deviceSkipRequest = z.strictObject({ handle })
export const deviceSkipAnswer = z.object({ next: z.string() })
export type DeviceSkipAnswer = z.infer<typeof deviceSkipAnswer>

/** One of the two. */
export const challengeKey = z.union([z.strictObject({ ticket: secret }), z.strictObject({ code: secret })])
export const challengeInspectRequest = z.strictObject({ key: challengeKey })
export const challengeInspectAnswer = z.object({
  gateway: z.string(),
  user: z.string(),
  serviceProvider: z.string(),
  nonce: z.string(),
  /** What the statement binds: the sign-in, the browser session and the application. */
  signIn: z.string(),
  session: z.string(),
  application: z.string(),
  /** Of the browser. */
  address: z.string(),
  userAgent: z.string(),
  /** Whether browser and command line come from the same address. */
  isSameAddress: z.boolean(),
  startedAt: z.string(),
  expiresAt: z.string(),
})
export type ChallengeInspectAnswer = z.infer<typeof challengeInspectAnswer>
export const challengeSignRequest = z.strictObject({
  key: challengeKey,
  device: z.string().min(1).max(400),
  signature: z.string().min(40).max(300),
})
export type ChallengeSignRequest = z.infer<typeof challengeSignRequest>
export const challengeSignAnswer = z.object({
  /** For the browser that brought the ticket, which has to bring it back. */
  completion: z.string().optional(),
})
export type ChallengeSignAnswer = z.infer<typeof challengeSignAnswer>
