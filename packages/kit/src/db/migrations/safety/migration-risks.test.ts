import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { TestProject } from '../test-project.ts'
import { migrationRisks } from './migration-risks.ts'

const TABLES = `dependencies: [], operations: [
  createModel('Person', { scope: 'business', fields: { name: text({ max: 40 }), age: integer().optional(), city: text({ max: 60 }), team: uuid().optional() } }),
  createModel('Team', { scope: 'business', fields: { title: text() } }),
]`

const CHANGES: Readonly<Record<string, readonly [postgresql: string, mysql: string]>> = {
  "addIndex('Person', ['age'])": [
    'WARNING keeps writers out of the table while the index is built',
    'INFO builds the index in place',
  ],
  "addField('Person', 'nick', text({ max: 40 }).optional())": ['', ''],
  "addField('Person', 'boss', foreignKey('crm.Team', { onDelete: 'cascade' }).optional())": [
    'WARNING keeps writers out of the table while the index is built · WARNING keeps writers out of both tables while every row is looked up',
    'INFO builds the index in place · WARNING copies the table',
  ],
  "addField('Person', 'points', integer().default(0))": [
    '',
    'WARNING writes rows of the whole table · INFO makes the table anew in place',
  ],
  "addCheck('Person', 'adult', { age__gte: 18 })": [
    'WARNING keeps everybody out of the table while every row is looked at',
    'WARNING copies the table',
  ],
  "alterField('Person', 'name', text({ max: 50 }))": ['', ''],
  "alterField('Person', 'city', text({ max: 80 }))": ['', 'WARNING copies the table'],
  "alterField('Person', 'age', bigInteger().optional())": [
    'WARNING writes the whole table anew',
    'WARNING copies the table',
  ],
  "alterField('Person', 'age', integer().default(1))": [
    'WARNING writes rows of the whole table · WARNING keeps everybody out of the table while every row is looked at',
    'WARNING writes rows of the whole table · INFO makes the table anew in place',
  ],
  "removeField('Person', 'age')": ['INFO breaks code of the version before', 'INFO breaks code of the version before'],
  "renameField('Person', 'age', 'years')": [
    'INFO breaks code of the version before',
    'INFO breaks code of the version before',
  ],
  "runSql('create index by_hand on crm_person (age)', [])": [
    'WARNING keeps writers out',
    'INFO builds the index in place',
  ],
}

const IMPORTS = [
  'addCheck',
  'addField',
  'addIndex',
  'addUnique',
  'alterField',
  'bigInteger',
  'createModel',
  'foreignKey',
  'integer',
  'removeField',
  'renameField',
  'runSql',
  'text',
  'uuid',
]

describe('the risks of migrations', () => {
  const projects: TestProject[] = []
  after(() => Promise.all(projects.map((project) => project.remove())))

  async function risks(operation: string, more = '') {
    const project = await TestProject.create()
    projects.push(project)
    await project.write('crm', '0001_initial', { imports: IMPORTS, options: TABLES })
    const options = `dependencies: [['crm', '0001_initial']], operations: [${operation}]${more}`
    await project.write('crm', '0002_change', { imports: IMPORTS, options })
    return { apps: project.apps }
  }

  async function told(operation: string, dialect: 'postgresql' | 'mysql', more = ''): Promise<string[]> {
    const found = await migrationRisks({ ...(await risks(operation, more)), dialects: [dialect] })
    for (const risk of found) {
      assert.equal(risk.migration, 'crm.0002_change')
      assert.ok(risk.safer.length > 10 && risk.operation.length > 5)
    }
    return found.map(({ level, reason }) => `${level} ${reason}`)
  }

  for (const [operation, [postgresql, mysql]] of Object.entries(CHANGES)) {
    it(`are told of ${operation.slice(0, 60)}`, async () => {
      for (const [dialect, wanted] of [
        ['postgresql', postgresql],
        ['mysql', mysql],
      ] as const) {
        const found = await told(operation, dialect)
        const starts = wanted === '' ? [] : wanted.split(' · ')
        assert.equal(found.length, starts.length, `${dialect}: ${found.join(' · ')}`)
        for (const [index, line] of found.entries())
          assert.ok(line.startsWith(starts[index] ?? '?'), `${dialect}: ${line}`)
      }
    })
  }

  it('are more on MariaDB where a unique set among rows not deleted has a computed column', async () => {
    const unique = "addUnique('Person', ['name'])"
    for (const [operation, reason] of [
      ["addField('Person', 'nick', text({ max: 40 }).optional())", /^WARNING makes the table anew/],
      ["removeField('Person', 'age')", /^WARNING copies the table/],
    ] as const) {
      const found = await told(`${unique}, ${operation}`, 'mysql')
      assert.match(found.at(-1) ?? '', reason)
    }
  })

  it('are none on tables that the migration makes itself, where it is online, or has been reviewed', async () => {
    const own = "createModel('Own', { scope: 'business', fields: { a: integer() } }), addIndex('Own', ['a'])"
    assert.deepEqual(await told(own, 'postgresql'), [])
    const heavy =
      "addIndex('Person', ['age']), addCheck('Person', 'adult', { age__gte: 18 }), alterField('Person', 'team', uuid())"
    assert.deepEqual(await told(heavy, 'postgresql', ', online: true'), [])
    assert.deepEqual(await told(heavy, 'mysql', ", reviewed: 'small'"), [])
    const { apps } = await risks(heavy)
    const applied = new Map([
      ['crm.0001_initial', ''],
      ['crm.0002_change', ''],
    ])
    assert.deepEqual(await migrationRisks({ apps, dialects: ['postgresql', 'mysql'], applied }), [])
  })
})
