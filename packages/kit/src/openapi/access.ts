import { isOpenToKeys } from '../auth/index.ts'
import type { Endpoint } from '../rest/index.ts'
import type { Operation } from './open-api-types.ts'
import { requirementsOf } from './security-schemes.ts'

/** Whether anybody may call an endpoint without signing in: surely, depending on the record, or never. */
export type OpenTo = 'everyone' | 'some strangers' | 'the signed-in'

type Guarded = Pick<Endpoint, 'permission' | 'action' | 'method'>

export function openTo({ permission, action, method }: Guarded): OpenTo {
  const stranger = { principal: null, action, method }
  if (permission.allowsEvery(stranger)) return 'everyone'
  return permission.allows(stranger) ? 'some strangers' : 'the signed-in'
}

/** What an operation asks for: any of the ways to say who one is. */
export function securityOf(endpoint: Guarded & Pick<Endpoint, 'tag'>): Required<Pick<Operation, 'security'>> {
  const { method, tag } = endpoint
  const security = requirementsOf({ method, takesKeys: isOpenToKeys(tag) })
  switch (openTo(endpoint)) {
    case 'everyone':
      return { security: [] }
    case 'some strangers':
      return { security: [...security, {}] }
    case 'the signed-in':
      return { security }
  }
}

const WORDS: Readonly<Record<string, string>> = {
  allowAny: 'everyone',
  isAuthenticated: 'everyone who is signed in',
  isMember: 'members of the business',
  isSuperuser: 'superusers',
}

/** Who may call an endpoint, for people to read: `Members of the business from manager up, or …`. */
export function permissionWords({ permission }: Guarded): string {
  const words = permission.name.replaceAll(/\w+(?:\([\w-]+\))?/g, (name) => wordsOf(name))
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

function wordsOf(name: string): string {
  if (name === 'and' || name === 'or' || name === 'not') return name
  const [, rule, subject] = /^(\w+)\(([\w-]+)\)$/.exec(name) ?? []
  if (rule === 'atLeast') return `members of the business from ${subject} up`
  if (rule === 'isOwner') return `whom the record names as \`${subject}\``
  return WORDS[name] ?? `\`${name}\``
}
