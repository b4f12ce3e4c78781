import { columnNamed, type Registry } from '../models/index.ts'
import type { TenancyCatalogue, TenancyTable } from '../tenancy/index.ts'

/** What the tenancy wall has to know of the models' tables. */
export function catalogueOf(registry: Registry): TenancyCatalogue {
  const tables = new Map<string, TenancyTable>()
  for (const model of registry.models) {
    const shared = model.sharedThrough?.()
    tables.set(model.table.toLowerCase(), {
      table: model.table,
      scope: model.scope,
      ...(model.scope === 'business' ? { businessColumn: 'business_id' } : {}),
      ...(shared
        ? {
            sharedThrough: {
              table: shared.model.table,
              column: columnNamed(shared.model, shared.field).column,
              businessColumn: 'business_id',
            },
          }
        : {}),
    })
  }
  return {
    find: (table) => tables.get(table.toLowerCase()),
    names: () => tables.keys(),
  }
}
