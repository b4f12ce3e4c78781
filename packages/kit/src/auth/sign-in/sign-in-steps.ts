import type { Context } from '../../db/index.ts'
import type { Client } from '../models/client.ts'
import type { Principal } from '../permissions/principal.ts'
import { answerChallenge, type ChallengeAnswer } from './answer-challenge.ts'
import { finishSignIn, type NewSignIn, type SignIn } from './finish-sign-in.ts'
import { type FreshProof, markAuthenticated, type ReauthenticateParts, reauthenticate } from './reauthenticate.ts'
import { type SecondStep, sendEmailCode, takeSecondStep } from './second-step.ts'

/** What the ways of signing in share. */
export interface SignInSteps {
  /** The second step, by a code. @throws {ApiError} `token_not_valid`, `invalid_code`, `account_locked`, `throttled` */
  takeSecondStep(step: SecondStep, client: Client): Promise<SignIn>
  /** The second step, by whatever proves it: a passkey. @throws {ApiError} as `takeSecondStep` */
  answerChallenge(answer: ChallengeAnswer): Promise<SignIn>
  /** @throws {ApiError} `token_not_valid`; `permission_denied` if such codes are not taken from the user; `throttled` */
  sendEmailCode(challenge: string, client: Client): Promise<void>
  /** Begins the session of a user who has proved who they are; null if that is worth nothing any more. */
  finish(signIn: NewSignIn): Promise<SignIn | null>
  /** @throws {ApiError} `invalid_credentials`, `invalid_code`; `permission_denied` if it is not the user who works in the session */
  reauthenticate(principal: Principal, proof: FreshProof): Promise<void>
  /** Notes in a session, in the transaction of `tx`, that its user has just proved who they are. */
  markAuthenticated(tx: Context, sessionId: string): Promise<void>
}

export function createSignInSteps(parts: ReauthenticateParts): SignInSteps {
  return {
    takeSecondStep: (step, client) => takeSecondStep(parts, step, client),
    answerChallenge: (answer) => answerChallenge(parts, answer),
    sendEmailCode: (challenge, client) => sendEmailCode(parts, challenge, client),
    finish: (signIn) => finishSignIn(parts, signIn),
    reauthenticate: (principal, proof) => reauthenticate(parts, principal, proof),
    markAuthenticated: (tx, sessionId) => markAuthenticated(parts, tx, sessionId),
  }
}
