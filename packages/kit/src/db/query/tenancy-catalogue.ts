import { columnNamed, type Registry, type SharedThrough } from '../models/index.ts'
import type { TenancyCatalogue, TenancyLink, TenancyTable } from '../tenancy/index.ts'

/** What the tenancy wall has to know of the models' tables. */
export function catalogueOf(registry: Registry): TenancyCatalogue {
  const tables = new Map<string, TenancyTable>()
  for (const model of registry.models) {
    const shared = model.sharedThrough?.()
    tables.set(model.table.toLowerCase(), {
      table: model.table,
      scope: model.scope,
      ...(model.scope === 'business' ? { businessColumn: 'business_id' } : {}),
      ...(shared ? { sharedThrough: linkOf(registry, shared) } : {}),
    })
  }
  return {
    find: (table) => tables.get(table.toLowerCase()),
    names: () => tables.keys(),
  }
}

function linkOf(registry: Registry, { model, field }: SharedThrough): TenancyLink {
  const link = typeof model === 'string' ? registry.get(model) : model
  return {
    table: link.table,
    column: columnNamed(link, field).column,
    businessColumn: 'business_id',
    ...(link.hasSoftDelete ? { deletedColumn: 'deleted_at' } : {}),
  }
}
