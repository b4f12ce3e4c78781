import { DECLARED_PLANTS } from './declared-plants.ts'
import type { Plant } from './plant.ts'
import { PREDICATE_PLANTS } from './predicate-plants.ts'
import { SCHEMA_PLANTS } from './schema-plants.ts'
import { SERVED_PLANTS } from './served-plants.ts'
import { SESSION_PLANTS } from './session-plants.ts'

/** Every protection that is taken away to see whether the proof notices. */
export const PLANTS: readonly Plant[] = [
  ...PREDICATE_PLANTS,
  ...SESSION_PLANTS,
  ...SERVED_PLANTS,
  ...DECLARED_PLANTS,
  ...SCHEMA_PLANTS,
]
