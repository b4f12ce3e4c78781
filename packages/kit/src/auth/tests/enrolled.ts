import { SecretBox } from '../../base/index.ts'
import { OutboxEntry } from '../../mail/index.ts'
import { codeOfStep, stepAt } from '../factors/totp-code.ts'
import type { AskedForFactor, Credentials, Principal } from '../index.ts'
import { CLIENT, PASSWORD, type Project, SECRET, withTokens } from './project.ts'

const box = new SecretBox([SECRET])

/** An e-mail that waits in the outbox. */
export interface WaitingMail {
  readonly template: string
  readonly to: string
  readonly values: Readonly<Record<string, string>>
}

/** The e-mails to an address, in the order in which they were written. */
export async function mailsTo({ system }: Project, email: string): Promise<WaitingMail[]> {
  const entries = await system.query(OutboxEntry).filter({ topic: 'mail' }).orderBy('created_at', 'id').all()
  // as: what notices write
  const mails = entries.map(({ payload_sealed }) => JSON.parse(box.open(payload_sealed ?? '', 'outbox')) as WaitingMail)
  return mails.filter(({ to }) => to === email)
}

/** What the app of a user shows now, or so many half minutes later. */
export function codeNow({ clock }: Project, secret: string, later = 0): string {
  return codeOfStep(secret, stepAt(clock.now()) + BigInt(later))
}

/** A session of a user who has signed in with a password alone. */
export async function sessionOf({ auth }: Project, email: string): Promise<{ access: string; principal: Principal }> {
  const { access } = withTokens(await auth.login({ email, password: PASSWORD }, CLIENT))
  return { access, principal: await principalFor(auth, access) }
}

export async function principalFor(
  { authenticate }: Pick<Project['auth'], 'authenticate'>,
  access: string,
): Promise<Principal> {
  const principal = await authenticate(`Bearer ${access}`)
  if (principal === null) throw new Error('Nobody is signed in')
  return principal
}

/** A user with an authenticator app, and the session in which it was enrolled. Half a minute goes by. */
export async function enrol(project: Project, email: string) {
  const { auth, clock } = project
  const { access, principal } = await sessionOf(project, email)
  const call = { principal, client: CLIENT }
  const { secret } = await auth.secondFactor.setUpTotp(call)
  const recoveryCodes = await auth.secondFactor.confirmTotp(call, codeNow(project, secret))
  clock.advance(30_000)
  return { access, secret, recoveryCodes }
}

/** The first step of a sign-in that asks for a second. */
export async function askedForFactor(
  { auth }: Pick<Project, 'auth'>,
  email: string,
  more: Partial<Credentials> = {},
): Promise<AskedForFactor> {
  const answer = await auth.login({ email, password: PASSWORD, ...more }, CLIENT)
  if (answer.challenge === null) throw new Error('The sign-in asked for no second factor')
  return answer
}
