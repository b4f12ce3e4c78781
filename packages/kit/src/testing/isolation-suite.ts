import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type TestDatabaseSource, testDatabases } from '../db/index.ts'
import type { Project } from '../manage/index.ts'
import { attackCount, attackSeed } from './isolation/attack-count.ts'
import { projectTarget } from './isolation/proof-target.ts'
import { prove } from './isolation/prove.ts'
import { reportLines } from './isolation/report.ts'
import type { SuppliedSamples } from './isolation/samples.ts'

export interface IsolationOptions {
  /** Only the endpoints of these apps. */
  readonly apps?: readonly string[]
  /** On which databases: every one that can be reached, unless it says otherwise. */
  readonly databases?: readonly TestDatabaseSource[]
  /** How many attacks on each database; by default `ATTACKS`, or 20,000 on a whole project in CI and 2,000 elsewhere. */
  readonly attacks?: number
  /** Makes the same random attacks again; by default `ISOLATION_SEED`, or another one every time. */
  readonly seed?: number
  /**
   * Values for fields that take none of the made-up ones: `{ 'shop.Product': { price: '10.00' } }`. A function gets a number
   * that no two rows share.
   */
  readonly samples?: SuppliedSamples
}

/**
 * Declares a test that attacks a project as its users could, from every role and from none, with all ids and values of
 * another business at hand. Nothing of that business may show, its rows must stay as they are, and every answer must be
 * the same, byte by byte, as where that business has other rows or none. The attacks are made from the models and the
 * endpoints, so that a new one is attacked the day it is declared.
 */
export function isolationSuite(project: Project, options: IsolationOptions = {}): void {
  const { apps = null, samples, databases = testDatabases() } = options
  const attacks = options.attacks ?? attackCount(process.env, apps === null)
  const seed = options.seed ?? attackSeed(process.env)
  for (const source of databases) {
    test(`no business reaches the rows of another, on ${source.name}`, async (t) => {
      const report = await prove({
        target: projectTarget(project),
        source,
        attacks,
        seed,
        apps,
        ...(samples && { supplied: samples }),
      })
      const lines = reportLines(report)
      for (const line of lines) t.diagnostic(line)
      assert.notEqual(report.attacks, 0, `No endpoint of ${apps?.join(', ') ?? 'the project'} could be attacked`)
      assert.equal(report.leaks.length, 0, lines.join('\n'))
    })
  }
}
