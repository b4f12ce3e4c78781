import type { Context } from '../../db/index.ts'
import type { OutboxHandlers } from '../../mail/index.ts'
import type { Client } from '../models/client.ts'
import type { Principal } from '../permissions/principal.ts'
import { accountLockedHandlers } from './account-locked.ts'
import { type AccountParts, accountContext } from './account-parts.ts'
import { Avatars } from './avatars.ts'
import { confirmEmailChange, emailChangeHandlers, requestEmailChange } from './email-change.ts'
import {
  changeDetails,
  type DetailChanges,
  type OwnAccount,
  type OwnDetails,
  ownAccount,
  ownDetails,
} from './own-account.ts'
import { changeOwnPassword, type PasswordChange } from './password-change.ts'
import { type PasswordReset, passwordResetHandlers, requestPasswordReset, resetPassword } from './password-reset.ts'
import {
  type NewRegistration,
  register,
  registrationHandlers,
  resendVerification,
  verifyEmail,
} from './registration.ts'

/** What people do with their accounts. */
export interface Accounts {
  /** @throws {ApiError} `registration_closed`; `validation_failed`; `throttled`; `service_unavailable` */
  register(registration: NewRegistration, client: Client): Promise<void>
  /** @throws {ApiError} `link_not_valid` */
  verifyEmail(token: string, client: Client): Promise<{ readonly email: string }>
  /** @throws {ApiError} `throttled` */
  resendVerification(email: string, client: Client): Promise<void>
  /** @throws {ApiError} `reauthentication_required`; `permission_denied`; `throttled` */
  requestEmailChange(principal: Principal, change: { readonly email: string; readonly client: Client }): Promise<void>
  /** @throws {ApiError} `link_not_valid`; `conflict` if the address has an account by now */
  confirmEmailChange(
    principal: Principal | null,
    link: { readonly token: string; readonly client: Client },
  ): Promise<{ readonly email: string }>
  /** @throws {ApiError} `throttled` */
  requestPasswordReset(email: string, client: Client): Promise<void>
  /** @throws {ApiError} `link_not_valid`; `validation_failed`; `service_unavailable` */
  resetPassword(reset: PasswordReset, client: Client): Promise<void>
  /** @throws {ApiError} `validation_failed`; `account_locked`; `throttled`; `permission_denied`; `conflict` */
  changePassword(principal: Principal, change: PasswordChange & { readonly client: Client }): Promise<void>
  account(principal: Principal, client: Client): Promise<OwnAccount>
  details(principal: Principal, client: Client): Promise<OwnDetails>
  changeDetails(
    principal: Principal,
    change: { readonly changes: DetailChanges; readonly client: Client },
  ): Promise<void>
  readonly avatars: OwnAvatars
  /** What the worker of the outbox does with the requests that these write. */
  readonly outboxHandlers: OutboxHandlers
}

/** The picture of the signed-in user, and those of the members of a business. */
export interface OwnAvatars {
  /** @throws {ApiError} `validation_failed` if it is no picture; `service_unavailable` if too many wait already */
  put(principal: Principal, avatar: { readonly upload: Uint8Array; readonly client: Client }): Promise<void>
  get(principal: Principal, client: Client): Promise<Uint8Array | null>
  remove(principal: Principal, client: Client): Promise<void>
  /** Null for whoever is no member of the business of `ctx`. */
  ofMember(ctx: Context, member: { readonly user: string; readonly client: Client }): Promise<Uint8Array | null>
}

export function createAccounts(parts: AccountParts): Accounts {
  return {
    register: (registration, client) => register(parts, registration, client),
    verifyEmail: (token, client) => verifyEmail(parts, token, client),
    resendVerification: (email, client) => resendVerification(parts, email, client),
    requestEmailChange: (principal, change) => requestEmailChange(parts, principal, change),
    confirmEmailChange: (principal, link) => confirmEmailChange(parts, principal, link),
    requestPasswordReset: (email, client) => requestPasswordReset(parts, email, client),
    resetPassword: (reset, client) => resetPassword(parts, reset, client),
    changePassword: (principal, change) => changeOwnPassword(parts, principal, change),
    account: (principal, client) => ownAccount(parts, principal, client),
    details: (principal, client) => ownDetails(parts, principal, client),
    changeDetails: (principal, change) => changeDetails(parts, principal, change),
    avatars: ownAvatars(parts),
    outboxHandlers: {
      ...accountLockedHandlers(parts),
      ...registrationHandlers(parts),
      ...emailChangeHandlers(parts),
      ...passwordResetHandlers(parts),
    },
  }
}

function ownAvatars({ store, models }: AccountParts): OwnAvatars {
  const avatars = new Avatars(models)
  const outside = (principal: Principal, client: Client) => accountContext(store, principal, client)
  return {
    put: (principal, { upload, client }) => avatars.put(outside(principal, client), principal.userId, upload),
    get: (principal, client) => avatars.get(outside(principal, client), principal.userId),
    remove: (principal, client) => avatars.remove(outside(principal, client), principal.userId),
    ofMember: async (ctx, { user, client }) => {
      if (!(await avatars.isMember(ctx, user))) return null
      return avatars.get(accountContext(store, ctx.actor === null ? null : { userId: ctx.actor }, client), user)
    },
  }
}
