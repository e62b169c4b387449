/** @module Whether the gateway runs, and the description of this interface. */
import { z } from 'zod'

export const healthAnswer = z.object({ status: z.literal('ok') })
/** `stopping` comes with status 503: nothing is wrong, and balancers should lead people elsewhere. */
export const readyAnswer = z.object({ status: z.enum(['ready', 'stopping']) })
/** An OpenAPI 3.1 document; its own schema is at https://spec.openapis.org. */
export const openApiAnswer = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({}),
  paths: z.looseObject({}),
})
