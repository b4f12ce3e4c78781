import { ApiError } from '../../base/index.ts'
import type { Principal } from '../permissions/principal.ts'

/** What belongs to people, or gives rights to others: no key reaches it. */
const CLOSED_APPS: ReadonlySet<string> = new Set(['account', 'business'])
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Whether a key may be for an app, as far as the app goes. */
export function isOpenToKeys(app: string): boolean {
  return !CLOSED_APPS.has(app)
}

/** The apps that keys may be for, of those that are served. */
export function appsForKeys(served: Iterable<string>): string[] {
  return [...new Set(served)].filter(isOpenToKeys).sort()
}

/** What is wrong with the scopes of a key: those of apps that are not there, or not for keys. */
export function scopeProblems(scopes: readonly string[], apps: readonly string[]): string[] {
  const wrong = scopes.filter((scope) => !apps.includes(scope.split(':', 1)[0] ?? ''))
  return wrong.map((scope) => `"${scope}" cannot be granted. Apps that keys may be for: ${apps.join(', ')}.`)
}

/** Why a program with a key may not make a request of an app; null if it may, and of people. */
export function scopeRefusal(
  { apiKey }: Pick<Principal, 'apiKey'>,
  { app, method }: { readonly app: string | undefined; readonly method: string },
): ApiError | null {
  if (apiKey === null) return null
  // What names no app is open to no key: so nothing that is added is open by mistake.
  if (app === undefined || !isOpenToKeys(app)) return refused('API keys cannot be used here.')
  const wanted = `${app}:${READING.has(method) ? 'read' : 'write'}`
  return apiKey.scopes.includes(wanted) ? null : refused(`The API key lacks the scope ${wanted}.`)
}

function refused(message: string): ApiError {
  return new ApiError('permission_denied', { message })
}
