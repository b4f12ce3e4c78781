import { newId } from '../../base/index.ts'
import { type AnyModel, isForeignKey, type Registry } from '../../db/index.ts'
import type { Endpoint, FieldMember } from '../../rest/index.ts'
import { type Cast, type CastRow, isBusiness, isUser, PARTING, placeholder, type Side, SPARE } from './cast.ts'
import type { ClientName } from './clients.ts'
import { MARKS } from './marked-values.ts'
import { genericValues } from './pointing-fields.ts'

export type Body = Readonly<Record<string, unknown>>

/** What attacks are made of: the endpoints that are served, the rows of all sides, and bodies that endpoints take. */
export class Scene {
  readonly cast: Cast
  readonly registry: Registry
  readonly endpoints: readonly Endpoint[]
  /** An id that no row has, in any world. */
  readonly nobody = newId()
  readonly #ownIds: ReadonlySet<string>
  #count = 200_000

  constructor(registry: Registry, cast: Cast, endpoints: readonly Endpoint[]) {
    this.registry = registry
    this.cast = cast
    this.#ownIds = new Set(cast.rows.filter(({ side }) => side === 'a').map(({ id }) => id))
    this.endpoints = endpoints
  }

  rows(side: Side, model?: AnyModel): readonly CastRow[] {
    return this.cast.rows.filter((row) => row.side === side && (model === undefined || row.model === model))
  }

  /** Rows of another side whose ids the attacker does not have as well. */
  foreign(side: Side, model?: AnyModel): readonly CastRow[] {
    return this.rows(side, model).filter(({ id }) => !this.#ownIds.has(id))
  }

  /** Rows of a side that are not in the bin. */
  alive(side: Side, model?: AnyModel): readonly CastRow[] {
    return this.rows(side, model).filter(({ isBinned }) => !isBinned)
  }

  binned(side: Side, model: AnyModel): readonly CastRow[] {
    return this.rows(side, model).filter(({ isBinned }) => isBinned)
  }

  /** The id of an unknown row, written as the ids of the model are. */
  unknownId(model: AnyModel | null): string {
    return model?.idKind === 'bigint' ? '987654321' : this.nobody
  }

  /** A body that the endpoint takes, different every time; undefined if it takes none. */
  body({ body, model }: Endpoint): Body | undefined {
    if (body === null) return undefined
    const given = writable(body.serializer.members).map((member) => {
      const said = this.cast.samples.given(body.serializer.name, member.name, ++this.#count)
      return [member.name, said === undefined ? this.value(member, model) : said] as const
    })
    return this.#fitted(model, Object.fromEntries(given))
  }

  /** A body with nothing in it but what must be. */
  leastBody({ body, model }: Endpoint): Body | undefined {
    if (body === null) return undefined
    const needed = writable(body.serializer.members).filter(({ isRequired }) => isRequired)
    return Object.fromEntries(needed.map((member) => [member.name, this.value(member, model)]))
  }

  /** The values of a row that the attacker could make. */
  row(model: AnyModel): Body {
    const given = [...model.columns.values()].filter(
      ({ origin, settings }) => origin === 'declared' && !settings.generated,
    )
    const values = Object.fromEntries(given.map((column) => [column.name, this.value(column, model)]))
    return this.#fitted(model, values)
  }

  /** With references to rows of the attacker's own where they may point to any of several models. */
  #fitted(model: AnyModel | null, values: Body): Body {
    const pointing = model === null ? {} : genericValues(model, this.alive('a'), this.#count)
    const given = Object.entries(pointing).filter(([name]) => name in values)
    return this.cast.samples.fitted(model, { ...values, ...Object.fromEntries(given) })
  }

  /** A value of the attacker's own for a field of a body. */
  value(member: Pick<FieldMember, 'name' | 'kind' | 'settings'>, model: AnyModel | null): unknown {
    const number = ++this.#count
    if (!isForeignKey(member.kind)) return this.cast.samples.value(model, member, { mark: MARKS.a, number })
    const ids = this.targets('a', member)
    if (ids.length === 0 && !member.settings.nullable) {
      throw new TypeError(`There is no row for ${model?.label ?? 'a body'}.${member.name} to point to`)
    }
    return ids[number % Math.max(1, ids.length)] ?? null
  }

  /** The ids that a foreign key could hold, of rows of a side. */
  targets(side: Side, { kind }: Pick<FieldMember, 'kind'>): string[] {
    if (!isForeignKey(kind)) return []
    const target = this.registry.get(kind.targetLabel)
    if (isUser(target)) return this.users(side)
    if (isBusiness(target)) return [placeholder(`business/${side}`)]
    if (target.scope === 'global') return this.cast.globals.filter(({ model }) => model === target).map(idOf)
    return (side === 'a' ? this.alive('a', target) : this.foreign(side, target)).map(idOf)
  }

  /** Whether a user stands in the address, and not the row that ties them to the business. */
  isOfPeople({ model, lookup }: Endpoint): boolean {
    const key = lookup === undefined ? undefined : model?.columns.get(lookup)
    return key !== undefined && isForeignKey(key.kind) && isUser(this.registry.get(key.kind.targetLabel))
  }

  /** What of the attacker's own may stand in the address: of what is there, and of what is in the bin. */
  ownKeys(endpoint: Endpoint): string[] {
    const { model } = endpoint
    if (this.isOfPeople(endpoint)) return [placeholder(endpoint.method === 'DELETE' ? PARTING : SPARE)]
    if (model === null) return []
    return [this.alive('a', model)[0], this.binned('a', model).at(-1)].filter((row) => row !== undefined).map(idOf)
  }

  /** What of another side might. */
  foreignKeys(side: Side, endpoint: Endpoint): string[] {
    if (this.isOfPeople(endpoint)) return this.users(side)
    return (endpoint.model ? this.foreign(side, endpoint.model) : this.foreign(side)).map(idOf)
  }

  users(side: Side): string[] {
    const users = this.cast.users.filter((user) => user.side === side && !GOING.has(user.key))
    return users.map(({ key }) => placeholder(key))
  }
}

/** Who does not belong to the attacker's business, or not for long. */
const GOING: ReadonlySet<string> = new Set(['a/left', PARTING])

/** The id of a row. */
export const idOf = ({ id }: CastRow): string => id

/** The fields that a body may give. */
export function writable(members: readonly { readonly type: string }[]): FieldMember[] {
  // as: a member says by its type what it is
  return (members.filter(({ type }) => type === 'field') as FieldMember[]).filter(({ isReadOnly }) => !isReadOnly)
}

/** The fields that are unique, by themselves or with others. */
export const uniqueFields = ({ unique }: AnyModel): ReadonlySet<string> =>
  new Set(unique.flatMap(({ fields }) => fields))

/** Whoever may do most in the attacker's business, and the others whose tokens are good. */
export const STRONGEST: ClientName = 'a/admin'
export const LIVING: readonly ClientName[] = ['a/subscriber', 'a/agent', 'a/manager', 'a/admin', 'a/dual']
