import { type MadeUser, type TestClient, type TestProject, testProject } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'

export const ROLES = ['subscriber', 'agent', 'manager', 'admin'] as const
export type Role = (typeof ROLES)[number]

export interface Member {
  readonly user: MadeUser
  readonly client: TestClient
}

/** A business with a member of each role, another business with its admin, and a superuser. */
export interface World {
  readonly app: TestProject
  readonly business: { readonly id: string; readonly name: string }
  readonly members: Readonly<Record<Role, Member>>
  readonly stranger: Member
  readonly superuser: Member
  /** A further member of the business. */
  join(role: Role, of?: World['business']): Promise<Member>
}

export async function openWorld(options: Parameters<typeof testProject>[1]): Promise<World> {
  const app = await testProject(project, options)
  const business = await app.make.business({ name: 'Acme' })
  const join = async (role: Role, of = business): Promise<Member> => {
    const user = await app.make.user({ business: of, role })
    return { user, client: await app.as(user) }
  }
  const entries = await Promise.all(ROLES.map(async (role) => [role, await join(role)] as const))
  // as: there is an entry for each role
  const members = Object.fromEntries(entries) as Record<Role, Member>
  const stranger = await join('admin', await app.make.business({ name: 'Globex' }))
  const root = await app.make.user({ isSuperuser: true })
  return { app, business, members, stranger, superuser: { user: root, client: await app.as(root) }, join }
}
