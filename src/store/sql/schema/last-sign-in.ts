/** @module Table `last_sign_in`: when somebody last signed in to a service provider. */

export interface LastSignInTable {
  user_name: string
  service_provider: string
  signed_in_at: number
}
