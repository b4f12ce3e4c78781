import type { ProjectPlan } from './random-models.ts'

/** One edit of a project's models: what to do, and numbers that choose what to do it to. */
export interface Change {
  readonly act: (typeof ACTS)[number]
  readonly model: number
  readonly field: number
  readonly pick: number
}

/** Where an edit takes place. */
export interface Surroundings {
  /** The model that is edited. */
  readonly name: string
  readonly change: Change
  readonly serial: number
  readonly plan: ProjectPlan
}

const MODEL_ACTS = [
  'addModel',
  'removeModel',
  'renameModel',
  'takeModelName',
  'renameTable',
  'switchSoftDelete',
  'switchVersion',
  'switchComment',
  'switchRowFormat',
  'addLink',
  'addLink',
  'addLinkThrough',
  'renameLink',
  'removeLink',
] as const

const FIELD_ACTS = [
  'addField',
  'addField',
  'addField',
  'removeField',
  'renameField',
  'renameField',
  'takeName',
  'growField',
  'switchOptional',
  'addRelation',
  'addRelation',
  'addSelfRelation',
  'switchOneToOne',
  'switchOnDelete',
  'addComputed',
  'addComputed',
] as const

const KEY_ACTS = [
  'switchUnique',
  'switchUniqueWhere',
  'switchIndex',
  'switchIndex',
  'switchIndex',
  'switchCheck',
  'switchCheck',
] as const

export const ACTS = [...MODEL_ACTS, ...FIELD_ACTS, ...KEY_ACTS] as const

export type FieldAct = (typeof FIELD_ACTS)[number]
export type KeyAct = (typeof KEY_ACTS)[number]

export const isFieldAct = (act: string): act is FieldAct => FIELD_ACTS.some((each) => each === act)
export const isKeyAct = (act: string): act is KeyAct => KEY_ACTS.some((each) => each === act)
