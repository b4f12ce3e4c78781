import { validationError } from '../../base/index.ts'
import { type PasswordOwner, passwordProblems } from '../passwords/password-rules.ts'

/** @throws {ApiError} `validation_failed` with all that is wrong with it, under `password` */
export function checkNewPassword(password: string, owner: PasswordOwner): void {
  const problems = passwordProblems(password, owner)
  if (problems.length > 0) throw validationError({ password: problems })
}
