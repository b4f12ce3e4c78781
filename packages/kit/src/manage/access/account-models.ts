import type { AnyModel, Registry } from '../../db/index.ts'

/** The models of a project by which it is decided who may be where. */
export interface AccountModels {
  readonly user: AnyModel
  readonly business: AnyModel
  readonly membership: AnyModel
}

/** Finds them by how they hang together: users and businesses are shared through memberships. @throws {TypeError} */
export function accountModels({ models, get }: Registry): AccountModels {
  const shared = models.flatMap((model) => {
    const through = model.sharedThrough?.()
    return through ? [{ model, through }] : []
  })
  const business = shared.find(({ through }) => through.field === 'business_id')
  const user = shared.find(({ through }) => through.field !== 'business_id')
  if (!business || !user) throw new TypeError('The project shares no users and businesses through memberships')
  const { model } = business.through
  return { user: user.model, business: business.model, membership: typeof model === 'string' ? get(model) : model }
}
