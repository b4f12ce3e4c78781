import assert from 'node:assert/strict'
import type { FieldPlan, ModelPlan, ProjectPlan } from './random-models.ts'
import { aliveIds, type Rows } from './random-rows.ts'

interface Version {
  readonly plan: ProjectPlan
  readonly rows: Rows
}

/** Looks that a migration has kept every row of the models that stay, and the values of the fields that stay as they were. */
export function assertSurvival(before: Version, after: Version): void {
  for (const [name, made] of Object.entries(after.plan)) {
    const [oldName, old] = Object.entries(before.plan).find(([, { born }]) => born === made.born) ?? []
    if (oldName === undefined || !old) continue
    const oldRows = before.rows.get(tableOf(oldName, old))
    const rows = after.rows.get(tableOf(name, made))
    const isEmptied = old.softDelete && !made.softDelete
    const kept = isEmptied ? aliveIds(oldRows) : [...(oldRows?.keys() ?? [])]
    assert.deepEqual([...(rows?.keys() ?? [])], kept, `the rows of ${name}, which was ${oldName}`)
    for (const [from, to] of keptColumns(old, made)) {
      for (const id of kept) {
        const value = oldRows?.get(id)?.[from]
        if (value === 'null') continue
        assert.equal(rows?.get(id)?.[to], value, `${name}.${to}, which was ${oldName}.${from}`)
      }
    }
  }
}

const tableOf = (name: string, { app, table }: ModelPlan): string => table ?? `${app}_${name.toLowerCase()}`

function keptColumns(before: ModelPlan, after: ModelPlan): [string, string][] {
  const kept = Object.entries(after.fields).flatMap(([name, field]): [string, string][] => {
    const [oldName, old] = Object.entries(before.fields).find(([, { born }]) => born === field.born) ?? []
    if (oldName === undefined || old?.kind !== field.kind) return []
    return [[columnOf(oldName, old), columnOf(name, field)]]
  })
  return [['code', 'code'], ...kept]
}

const columnOf = (name: string, { target }: FieldPlan): string => (target === undefined ? name : `${name}_id`)
