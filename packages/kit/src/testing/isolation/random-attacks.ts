import type { Endpoint, FieldMember, Parameter } from '../../rest/index.ts'
import type { Attack, QueryPart } from './attack.ts'
import { placeholder } from './cast.ts'
import { CLIENTS, type ClientName } from './clients.ts'
import { endsTheClient, filledPath, isDetail } from './operators.ts'
import { foreignValues, textOf, valuesFor } from './parameter-values.ts'
import type { Random } from './random.ts'
import { idOf, LIVING, type Scene, uniqueFields, writable } from './scene.ts'

/** Attacks without end that combine what the operators do: any client, endpoint, row, parameters and body. */
export function* randomAttacks(scene: Scene, random: Random): Generator<Attack> {
  const resources = scene.endpoints.filter(({ model }) => model !== null)
  const views = scene.endpoints.filter((endpoint) => !isCostly(endpoint))
  const chosen = resources.length > 0 ? resources : views
  if (chosen.length === 0) return
  while (true) {
    const endpoint = random.pick(views.length > 0 && random.once(30) ? views : chosen)
    yield randomAttack(scene, random, endpoint)
  }
}

/** Signing in is made to be slow: the operators try it, ten thousand random requests need not. */
const isCostly = ({ model, method, permission }: Endpoint): boolean =>
  model === null && method !== 'GET' && permission.name === 'allowAny'

function randomAttack(scene: Scene, random: Random, endpoint: Endpoint): Attack {
  const body = randomBody(scene, random, endpoint)
  return {
    operator: 'random',
    endpoint,
    client: randomClient(random, endpoint),
    path: isDetail(endpoint) ? filledPath(endpoint, randomId(scene, random, endpoint)) : endpoint.path,
    query: randomQuery(scene, random, endpoint),
    ...(body !== undefined && { body }),
    ...(random.once(15) && { headers: { 'x-business-id': placeholder('business/b') } }),
  }
}

function randomClient(random: Random, endpoint: Endpoint): ClientName {
  if (endsTheClient(endpoint)) return 'a/ended'
  return random.once(6) ? random.pick(CLIENTS) : random.pick(LIVING)
}

function randomId(scene: Scene, random: Random, endpoint: Endpoint): string {
  const { model } = endpoint
  if (scene.isOfPeople(endpoint)) {
    const keys = [...scene.ownKeys(endpoint), ...scene.foreignKeys('b', endpoint), ...scene.foreignKeys('c', endpoint)]
    return random.once(12) ? scene.nobody : random.pick(keys)
  }
  const [side, isAny] = random.pick([
    ['a', false] as const,
    ['a', false] as const,
    ['b', true] as const,
    ['b', false] as const,
    ['c', false] as const,
  ])
  const rows = isAny || model === null ? scene.rows(side) : scene.rows(side, model)
  return rows.length === 0 || random.once(12) ? scene.unknownId(model) : idOf(random.pick(rows))
}

function randomQuery(scene: Scene, random: Random, { parameters }: Endpoint): QueryPart[] {
  if (parameters.length === 0) return random.once(40) ? [['business', placeholder('business/b')]] : []
  const wanted = random.some(parameters, random.below(5))
  return wanted.flatMap((parameter): QueryPart[] => {
    const value = randomValue(scene, random, parameter)
    return value === null ? [] : [[parameter.name, value]]
  })
}

const ODD_VALUES = [
  '',
  '%',
  '_',
  "'",
  '"',
  '\\',
  '*',
  'null',
  '0',
  '-1',
  'kn',
  'knby',
  '2187-01-01',
  '«business/b»',
  '🦆',
  "' or 1=1 --",
]

function randomValue(scene: Scene, random: Random, parameter: Parameter): string | null {
  if (random.once(25)) return random.pick(ODD_VALUES)
  const documented = valuesFor(parameter)
  if (documented.length > 0) {
    const some = parameter.isList ? random.some(documented, 1 + random.below(3)) : [random.pick(documented)]
    return [...new Set(some.flatMap((value) => value.split(',')))].join()
  }
  const side = random.pick(['a', 'b', 'b', 'c'] as const)
  const values = foreignValues(scene, parameter, random.some(scene.rows(side), 12))
  return values.length === 0 ? null : random.pick(values)
}

function randomBody(scene: Scene, random: Random, endpoint: Endpoint): unknown {
  const body = scene.body(endpoint)
  if (body === undefined) return random.once(50) ? { business: placeholder('business/b') } : undefined
  const members = writable(endpoint.body?.serializer.members ?? [])
  const changed: Record<string, unknown> = { ...body }
  for (const member of random.some(members, random.below(4))) {
    if (random.once(5)) delete changed[member.name]
    else changed[member.name] = randomMember(scene, random, { endpoint, member })
  }
  if (random.once(15)) changed.business_id = placeholder('business/b')
  return random.once(40) ? [changed] : changed
}

interface MemberPlace {
  readonly endpoint: Endpoint
  readonly member: FieldMember
}

function randomMember(scene: Scene, random: Random, { endpoint, member }: MemberPlace): unknown {
  const targets = [...scene.targets('b', member), ...scene.targets('c', member)]
  if (targets.length > 0 && !random.once(4)) return random.pick(targets)
  // What the attacker has written itself would be read again for a leak: only what must be unique is worth it.
  const isUnique = endpoint.model !== null && uniqueFields(endpoint.model).has(member.name)
  const rows = endpoint.model ? scene.rows(isUnique ? 'b' : 'a', endpoint.model) : []
  const value = rows.length > 0 ? random.pick(rows).values[member.name] : undefined
  if (value !== undefined && !random.once(5)) return value
  return random.pick([null, random.pick(ODD_VALUES), [], {}, 7, true, textOf(member.kind.example)])
}
