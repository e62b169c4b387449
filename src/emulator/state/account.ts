/**
 * @module AWS accounts of the organisation.
 */
import { z } from 'zod'

export const AccountSchema = z.strictObject({
  id: z
    .string({ error: 'must be text: write the account id in quotes' })
    .regex(/^\d{12}$/, 'is not 12 digits'),
  name: z.string().min(1).max(50),
  email: z.email('is not a mail address').max(64),
})

export type Account = Readonly<z.infer<typeof AccountSchema>>
