import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { it } from 'node:test'
import { choice, currency, duration, file, foreignKey, ipAddress, json, multiChoice, text } from '../../fields/index.ts'
import { addField, addIndex, createModel, type Operation, runSql } from '../operations/index.ts'
import { testModels } from '../test-models.ts'
import { TestProject } from '../test-project.ts'
import { migrationSource } from './migration-source.ts'

it('a migration is written as an engineer would write it', () => {
  const operations = [
    createModel('Client', {
      scope: 'business',
      fields: {
        name: text({ max: 200 }),
        owner: foreignKey('account.User', { onDelete: 'set null' }).optional(),
      },
      unique: [['name']],
      indexes: [['owner', '-created_at']],
    }),
    addField('Client', 'status', choice(['lead', "won't say"]).default('lead')),
    addField('Client', 'code', text({ max: 10 }), { fill: '-' }),
    addField('Client', 'shelf', foreignKey('stock.Shelf', { onDelete: 'set default', id: 'bigint' }).default(1n)),
  ]
  const options = {
    dependencies: [['account', '0001_initial'] as const],
    isInitial: true,
    importFrom: '@bailiwick/kit/db',
  }
  assert.equal(
    migrationSource({ ...options, operations }),
    `import { addField, choice, createModel, foreignKey, migration, text } from '@bailiwick/kit/db'

export default migration({
  dependencies: [['account', '0001_initial']],
  initial: true,
  operations: [
    createModel('Client', {
      scope: 'business',
      fields: {
        name: text({ max: 200 }),
        owner: foreignKey('account.User', { onDelete: 'set null' }).optional(),
      },
      unique: [['name']],
      indexes: [['owner', '-created_at']],
    }),
    addField('Client', 'status', choice(['lead', "won't say"]).default('lead')),
    addField('Client', 'code', text({ max: 10 }), { fill: '-' }),
    addField('Client', 'shelf', foreignKey('stock.Shelf', { onDelete: 'set default', id: 'bigint' }).default(1n)),
  ],
})
`,
  )
})

it('what is written is what the formatter would leave as it is', () => {
  const source = migrationSource({
    dependencies: [
      ['account', '0001_initial'],
      ['business', '0002_more'],
    ],
    isInitial: false,
    operations: Array.from({ length: 12 }, (_, index) => index + 1).flatMap(operationsOfLength),
    importFrom: '@bailiwick/kit/db',
  })
  const wanted = formatted(source).split('\n')
  const lines = source.split('\n')
  const first = lines.findIndex((line, index) => line !== wanted[index])
  assert.deepEqual(lines.slice(first, first + 9), wanted.slice(first, first + 9))
  assert.equal(lines.length, wanted.length)
})

it('the same models give the same text', async () => {
  const texts = []
  for (const _ of [1, 2]) {
    const project = await TestProject.create()
    const { migrations } = await project.declare(...testModels()).make({ dryRun: true })
    await assert.rejects(readdir(join(project.folder, 'clients')))
    texts.push(migrations.map(({ name, text: written }) => [name, written]))
    await project.make()
    const onDisk = await readFile(join(project.folder, 'clients', 'migrations', '0001_initial.ts'), 'utf8')
    assert.equal(onDisk, migrations.find(({ app }) => app === 'clients')?.text)
    await project.remove()
  }
  assert.deepEqual(texts[0], texts[1])
})

/** Operations with arguments of every make, from short to far beyond a line. */
function operationsOfLength(length: number): Operation[] {
  const words = Array.from({ length }, (_, index) => `status_number_${index}`)
  const long = words.join(' ')
  const fields = [
    choice(words),
    choice(words).default('status_number_0'),
    choice(words).optional().default('status_number_0'),
    json().default(words),
    json().optional().default(words),
    json().optional().default({ a: length }),
    json().optional().default({ a: words }),
    json()
      .optional()
      .default([words, { b: -length }]),
    json().default([[], {}, null]),
    json().default({ a: words, "it's": [words, words], 'b-c': { deep: ['"quoted"', "it's \"both\" ''", '\\\n'] } }),
    text({ max: 3000 }).default(long),
    text({ max: 3000, unique: true }).optional().default(long),
    text({ max: 3000 }).generated(`{code} || '${long}'`),
    text({ max: 3000, unique: true }).generated('{code}', { stored: false }),
    text({ max: 3000 }).generated({ sqlite: `{code} || '${long}'`, postgresql: '{code}', mysql: `lower({code})` }),
    choice(words).generated({ sqlite: '{a}', postgresql: '{a}', mysql: '{a}' }, { stored: false }),
    multiChoice(words, { min: 1 }),
    currency({ only: ['BHD', 'USD'] }).default('BHD'),
    file({ max: 40, extensions: ['pdf', 'tar.gz'] }),
    duration({ min: '0', max: `PT${length}H` }).default('00:00:01'),
    ipAddress({ protocol: 'IPv4' }),
    foreignKey(`account.User${'s'.repeat(6 * length)}`, { onDelete: 'cascade', id: 'bigint' }).optional(),
  ]
  return [
    ...fields.flatMap((field) => [
      addField('Client', 'field', field),
      addField('Client', 'field', field, { fill: long }),
      addField('Client', 'field', field, { fill: words }),
      createModel('Client', { scope: 'global', fields: { one: field, other: field }, unique: [words, words] }),
    ]),
    addIndex('Client', words),
    runSql({ postgresql: words, sqlite: long }, long),
  ]
}

function formatted(source: string): string {
  const command = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
  const args = [command, 'check', '--write', '--stdin-file-path=migrations/0001_initial.ts']
  const { stdout, status } = spawnSync(process.execPath, args, { input: source, encoding: 'utf8' })
  assert.equal(status, 0)
  return stdout
}
