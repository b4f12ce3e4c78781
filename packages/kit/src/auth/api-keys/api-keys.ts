import type { Client } from '../models/client.ts'
import type { Principal } from '../permissions/principal.ts'
import { KeyAuthentication, type KeyAuthenticationOptions } from './authenticate-key.ts'
import { KeyManagement, type ManageKeysOptions } from './manage-keys.ts'

/** The keys by which programs call the API. */
export class ApiKeys extends KeyManagement {
  readonly #authentication: KeyAuthentication

  constructor(options: ManageKeysOptions & KeyAuthenticationOptions) {
    super(options)
    this.#authentication = new KeyAuthentication(options)
  }

  /**
   * The program that has a key. A key of another business, an unknown and a revoked one are answered alike.
   *
   * @throws {ApiError} `token_not_valid`; `permission_denied` from an address that is not allowed; `throttled`
   */
  authenticate(text: string, client: Client): Promise<Principal> {
    return this.#authentication.authenticate(text, client)
  }
}
