import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { ManageProcess } from './manage-process.ts'

const CLIENTS = ['clients.Client']

describe('the commands that move rows', () => {
  let project: ManageProcess
  const run = async (...given: readonly string[]) => {
    const ended = await project.run(given)
    assert.equal(ended.code, 0, ended.stderr)
    return ended.stdout
  }
  const failure = async (...given: readonly string[]) => {
    const ended = await project.run(given)
    assert.equal(ended.code, 1, ended.stdout)
    return ended.stderr.trim()
  }
  const count = async () => JSON.parse(await run('dumpdata', ...CLIENTS)).length
  before(async () => {
    project = await ManageProcess.copy()
    await run('migrate')
    await run('demo')
  })
  after(() => project.remove())

  test('dumpdata, flush and loaddata bring back what was there', async () => {
    const file = join(project.folder, 'all.jsonl.gz')
    await run('dumpdata', '--all', '--format', 'jsonl', '--exclude', 'kit', '-o', file)
    const dumped = gunzipSync(await readFile(file)).toString()
    assert.match(dumped, /^\{"model":"account\.user","pk":"[0-9a-f-]{36}","fields":\{/)
    await run('flush', '--noinput')
    assert.equal(await count(), 0)
    const told = await run('loaddata', file)
    assert.equal(told, `Installed ${dumped.trim().split('\n').length} object(s) from 1 fixture(s)\n`)
    assert.equal(await run('dumpdata', '--all', '--format', 'jsonl', '--exclude', 'kit'), dumped)
  })

  test('dumpdata writes a list that people can read, of one business if it is asked to', async () => {
    const all = await count()
    const text = await run('dumpdata', ...CLIENTS, '--business', 'acme', '--indent', '2', '--natural-foreign')
    const acme = JSON.parse(text)
    assert.ok(acme.length > 0 && acme.length < all)
    assert.match(text, /^\[\n\{\n {2}"model": "clients\.client",\n {2}"pk": /)
    assert.match(text, /"owner": \[\n? *"[a-z]+@acme\.test"/)
    const [one] = acme
    assert.deepEqual(JSON.parse(await run('dumpdata', ...CLIENTS, '--pks', one.pk))[0].pk, one.pk)
  })

  test('loaddata finds fixtures of apps by name, and reads the standard input', async () => {
    const [client] = JSON.parse(await run('dumpdata', ...CLIENTS, '--business', 'acme'))
    const renamed = { ...client, fields: { ...client.fields, name: 'From a fixture' } }
    await mkdir(join(project.root, 'apps/clients/fixtures'), { recursive: true })
    await writeFile(join(project.root, 'apps/clients/fixtures/one.json'), JSON.stringify([renamed]))
    assert.equal(await run('loaddata', 'one'), 'Installed 1 object(s) from 1 fixture(s)\n')
    assert.match(await run('dumpdata', ...CLIENTS, '--pks', client.pk), /"From a fixture"/)
    const ended = await project.run(['loaddata', '-', '--format', 'json'], { input: JSON.stringify([client]) })
    assert.equal(ended.stdout, 'Installed 1 object(s) from 1 fixture(s)\n')
    assert.doesNotMatch(await run('dumpdata', ...CLIENTS, '--pks', client.pk), /"From a fixture"/)
  })

  test('a business is copied whole, and the copy has rows of its own', async () => {
    const file = join(project.folder, 'acme.jsonl')
    await run('exportbusiness', 'acme', '-o', file)
    assert.doesNotMatch(await readFile(file, 'utf8'), /argon2|password/)
    const told = await run('importbusiness', file, '--slug', 'acme-copy', '--name', 'Acme, copied')
    assert.match(told, /^Business 'acme-copy' has \d+ object\(s\)/)
    const [original, copy] = await Promise.all(
      ['acme', 'acme-copy'].map(async (slug) => JSON.parse(await run('dumpdata', ...CLIENTS, '--business', slug))),
    )
    const names = (clients: readonly { readonly fields: { readonly name: string } }[]) =>
      clients.map(({ fields }) => fields.name).toSorted()
    assert.deepEqual(names(copy), names(original))
    const ids = new Set(original.map(({ pk }: { readonly pk: string }) => pk))
    assert.ok(copy.every(({ pk }: { readonly pk: string }) => !ids.has(pk)))
    assert.match(await failure('importbusiness', file, '--slug', 'acme'), /business with this slug already exists/i)
  })

  test('what cannot be done is told in one line, and changes nothing', async () => {
    const before = await count()
    const file = join(project.folder, 'wrong.json')
    await writeFile(file, '[{"model": "clients.client", "pk": 1, "fields": {}}]')
    assert.match(
      await failure('loaddata', file),
      /^CommandError: Problem installing fixture '.*wrong\.json': clients\.client\(pk=1\): id: Must be a valid UUID\.$/,
    )
    await writeFile(file, '{"model"')
    assert.match(await failure('loaddata', file), /^CommandError: Cannot read '.*wrong\.json': /)
    assert.match(await failure('loaddata', 'nowhere'), /No fixture named 'nowhere' found\.$/)
    assert.match(await failure('loaddata', '-'), /--format must be specified/)
    assert.match(await failure('dumpdata', 'nope'), /No installed app with label 'nope'\.$/)
    assert.match(await failure('dumpdata', 'clients.Nope'), /Unknown model: clients\.Nope$/)
    assert.match(await failure('dumpdata', 'clients', 'account', '--pks', '1'), /--pks option with one model$/)
    assert.match(await failure('dumpdata', ...CLIENTS, '--pks', 'x'), /Must be a valid UUID/)
    assert.match(await failure('dumpdata', '--business', 'nope'), /business 'nope' does not exist$/)
    assert.match(await failure('exportbusiness', 'nope'), /business 'nope' does not exist$/)
    assert.match(await failure('dumpdata', '-o', join(project.folder, 'x.bz2')), /compressed files end with \.gz/)
    assert.match(await failure('dumpdata', '-o', join(project.folder, 'no/such/folder.json')), /Cannot write/)
    assert.match(await failure('importbusiness', file, '--slug', 'other'), /Cannot read/)
    assert.match(await failure('flush'), /say --noinput/)
    assert.equal(await count(), before)
  })

  test('sqlflush prints what flush would run', async () => {
    assert.match(await run('sqlflush'), /^delete from "[a-z_]+";$/m)
  })

  test('dbshell hands over to the client of the database, or says that there is none', async () => {
    const bin = join(project.folder, 'bin')
    await mkdir(bin, { recursive: true })
    await writeFile(join(bin, 'psql'), '#!/bin/sh\necho "$PGPASSWORD" "$@"\nexit 3\n', { mode: 0o755 })
    const environment = {
      PATH: `${bin}:${process.env.PATH}`,
      DATABASE_URL: 'postgresql://app:pa%20ss@db.local:5433/crm',
    }
    const there = await project.run(['dbshell', '--', '-c', 'select 1'], { environment })
    assert.equal(there.stdout, 'pa ss -U app -h db.local -p 5433 -d crm -c select 1\n')
    assert.equal(there.code, 3)
    const missing = await project.run(['dbshell'], { environment: { ...environment, PATH: '/nowhere' } })
    assert.match(missing.stderr, /You appear not to have the 'psql' program installed or on your path\./)
    assert.equal(missing.code, 1)
  })
})
