import { checkAdmin } from '../../admin/index.ts'
import { createRegistry } from '../../db/index.ts'
import { type InstalledApp, loadAdminSite, modelsOf } from '../installed-app.ts'
import type { CheckMessage } from './check-message.ts'

/** Whether what the apps register with the admin names what there is. */
export async function checkAdminSite(apps: readonly InstalledApp[]): Promise<CheckMessage[]> {
  const site = await loadAdminSite(apps)
  return checkAdmin(site, createRegistry(modelsOf(apps))).map((problem) => ({ level: 'ERROR', ...problem }))
}
