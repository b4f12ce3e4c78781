import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newId } from '../../base/index.ts'
import { and, not, or, type Permission, permission } from './permission.ts'
import { allowAny, atLeast, isAuthenticated, isMember, isOwner, isSuperuser } from './permissions.ts'
import { PLAIN_SIGN_IN, type Principal, ROLES, type Role } from './principal.ts'
import { refuse, refuseObject } from './refuse.ts'

const BUSINESS = newId()

function principal(role: Role | null, change: Partial<Principal> = {}): Principal {
  const business = role === null ? null : BUSINESS
  const who = { userId: newId(), sessionId: newId(), email: 'asha@acme.test', name: 'Asha', isSuperuser: false }
  return { ...who, ...PLAIN_SIGN_IN, authenticatedAtMs: Date.now(), business, role, ...change }
}

const by = (who: Principal | null) => ({ principal: who, action: 'list', method: 'GET' })
const codeOf = (rule: Permission, who: Principal | null) => refuse(rule, by(who))?.code ?? null

const guest = null
const homeless = principal(null)
const agent = principal('agent')
const superuser = principal(null, { isSuperuser: true })
const own = { created_by: agent.userId }
const foreign = { created_by: newId() }

describe('permissions', () => {
  it('tell who is let in, and of others why not', () => {
    const table: readonly (readonly [Permission, ...(string | null)[]])[] = [
      [allowAny, null, null, null, null],
      [isAuthenticated, 'not_authenticated', null, null, null],
      [isMember, 'not_authenticated', 'business_required', null, 'business_required'],
      [atLeast('subscriber'), 'not_authenticated', 'business_required', null, 'business_required'],
      [atLeast('manager'), 'not_authenticated', 'business_required', 'permission_denied', 'business_required'],
      [isSuperuser, 'not_authenticated', 'permission_denied', 'permission_denied', null],
      [isOwner(), 'not_authenticated', null, null, null],
    ]
    for (const [rule, ...codes] of table) {
      assert.deepEqual(
        [guest, homeless, agent, superuser].map((who) => codeOf(rule, who)),
        codes,
        rule.name,
      )
    }
  })

  it('of a role let that role in and those above it', () => {
    for (const [at, least] of ROLES.entries()) {
      const letIn = ROLES.filter((role) => codeOf(atLeast(least), principal(role)) === null)
      assert.deepEqual(letIn, ROLES.slice(at))
    }
  })

  it('of an owner are decided by the row', () => {
    assert.equal(refuseObject(isOwner(), by(agent), own), null)
    assert.equal(refuseObject(isOwner(), by(agent), foreign)?.code, 'permission_denied')
    assert.equal(refuseObject(isOwner('owner'), by(agent), own)?.code, 'permission_denied')
    assert.equal(refuseObject(isOwner(), by(guest), { created_by: null })?.code, 'not_authenticated')
  })

  it('compose by and, or, not with rows as well', () => {
    const manager = principal('manager')
    const rules: readonly (readonly [Permission, Principal | null, object, boolean, boolean])[] = [
      [or(atLeast('manager'), isOwner()), agent, own, true, true],
      [or(atLeast('manager'), isOwner()), agent, foreign, true, false],
      [or(atLeast('manager'), isOwner()), manager, foreign, true, true],
      [and(isMember, isOwner()), agent, own, true, true],
      [and(isMember, isOwner()), agent, foreign, true, false],
      [and(atLeast('manager'), isOwner()), agent, own, false, false],
      [not(isOwner()), agent, own, true, false],
      [not(isOwner()), agent, foreign, true, true],
      [not(isOwner()), guest, own, true, true],
      [not(or(isSuperuser, isOwner())), superuser, foreign, false, false],
      [not(or(isSuperuser, isOwner())), agent, foreign, true, true],
      [not(and(isSuperuser, isOwner())), superuser, foreign, true, true],
      [not(not(isOwner())), agent, own, true, true],
      [not(not(isOwner())), agent, foreign, true, false],
      [or(and(isMember, isOwner()), not(isMember)), agent, foreign, true, false],
      [and(or(isOwner(), isSuperuser), not(isSuperuser)), agent, own, true, true],
    ]
    for (const [rule, who, row, before, after] of rules) {
      const subject = by(who)
      assert.equal(rule.needsObject, true, rule.name)
      assert.equal(rule.allows(subject), before, `${rule.name} before the row`)
      assert.equal(rule.allowsObject(subject, row as typeof own), after, `${rule.name} on the row`)
    }
  })

  it('compose without rows', () => {
    assert.equal(codeOf(not(isAuthenticated), guest), null)
    assert.equal(codeOf(not(isAuthenticated), agent), 'permission_denied')
    assert.equal(codeOf(or(isMember, isSuperuser), superuser), null)
    assert.equal(codeOf(or(isMember, isSuperuser), homeless), 'permission_denied')
    assert.equal(codeOf(and(isMember, isAuthenticated), homeless), 'business_required')
    assert.equal(and(isMember, isAuthenticated).needsObject, false)
  })

  it('are named by how they are composed', () => {
    const rule = and(isMember, or(atLeast('manager'), not(isOwner('owner'))))
    assert.equal(rule.name, 'isMember and (atLeast(manager) or not (isOwner(owner)))')
  })

  it('can be made for an app of one', () => {
    const isReading = permission({ name: 'isReading', allows: ({ method }) => method === 'GET' })
    assert.equal(refuse(or(isReading, isMember), by(homeless)), null)
  })
})
