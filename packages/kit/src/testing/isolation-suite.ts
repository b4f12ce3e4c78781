import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TestDatabaseSource, testDatabases } from '../db/index.ts'
import type { Project } from '../manage/index.ts'
import { checkIsolation } from './check-isolation.ts'
import { createIntruder } from './intruder.ts'
import { scopedResources } from './resources.ts'
import { testProject } from './test-project.ts'

export interface IsolationOptions {
  /** Only the endpoints of these apps. */
  readonly apps?: readonly string[]
  /** On which databases: every one that can be reached, unless it says otherwise. */
  readonly databases?: readonly TestDatabaseSource[]
}

/**
 * Declares a test that tries every viewset endpoint of a project as the admin of another business: rows of the first
 * must answer in the same bytes as rows that never were, must be in no list, search or filter, cannot be pointed to, and
 * stay as they were. The endpoints are found by themselves, so that a new one is tried the day it is declared.
 */
export function isolationSuite(project: Project, options: IsolationOptions = {}): void {
  for (const source of options.databases ?? testDatabases()) {
    test(`no business reaches the rows of another, on ${source.name}`, async (t) => {
      const app = await testProject(project, { source })
      try {
        const resources = scopedResources(app.endpoints, options.apps ?? null)
        assert.notEqual(resources.length, 0, 'There is no viewset of business rows to try')
        const intruder = await createIntruder(app)
        for (const resource of resources) {
          await t.test(`${resource.path} (${resource.model.label})`, () => checkIsolation(resource, intruder))
        }
      } finally {
        await app.close()
      }
    })
  }
}
