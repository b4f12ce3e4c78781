import { fileURLToPath } from 'node:url'
import { AttemptCounter, Revocation } from '../auth/index.ts'
import { AuditEntry, type MigrationApp } from '../db/index.ts'
import { OutboxEntry } from '../mail/index.ts'

/** The kit's own tables, migrated before those of the project. */
export const KIT_APP: MigrationApp = {
  name: 'kit',
  models: [AuditEntry, Revocation, AttemptCounter, OutboxEntry],
  folder: fileURLToPath(new URL('./migrations', import.meta.url)),
  importFrom: '../../db/index.ts',
}
