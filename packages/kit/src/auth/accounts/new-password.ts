import { validationError } from '../../base/index.ts'
import type { Context, Row } from '../../db/index.ts'
import type { AuthModels } from '../models/auth-models.ts'
import type { UserModel } from '../models/user-models.ts'
import { type PasswordOwner, passwordProblems } from '../passwords/password-rules.ts'
import { ownBusinesses } from '../sign-in/own-businesses.ts'

/** @throws {ApiError} `validation_failed` with all that is wrong with it, under `password` */
export function checkNewPassword(password: string, owner: PasswordOwner): void {
  const problems = passwordProblems(password, owner)
  if (problems.length > 0) throw validationError({ password: problems })
}

/** Checks the new password of a user who is there, and so may belong to businesses. @throws {ApiError} as above */
export async function checkPasswordOfUser(
  ctx: Context,
  models: AuthModels,
  { user, password }: { readonly user: Row<UserModel>; readonly password: string },
): Promise<void> {
  const places = await ownBusinesses(ctx, models, user.id)
  checkNewPassword(password, { ...user, businesses: places.map(({ business }) => business.name) })
}
