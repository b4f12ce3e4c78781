import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ManageProcess } from './manage-process.ts'

describe('the shell', () => {
  let manage: ManageProcess
  before(async () => {
    manage = await ManageProcess.here()
    const { code, stderr } = await manage.run(['demo'])
    assert.equal(code, 0, stderr)
  })
  after(() => manage?.remove())

  test('runs code with the models, in a business', async () => {
    const code = "console.log(await ctx.query(Client).filter({ status: 'active' }).count() > 0, Business.label)"
    const ended = await manage.run(['shell', '--business', 'acme', '-c', code])
    assert.deepEqual(ended, { code: 0, stdout: 'true business.Business\n', stderr: '' })
  })

  test('has what queries are written with', async () => {
    const code = `
      const clients = ctx.query(Client).filter(q.or({ status: 'active' }, { status: 'lead' }))
      console.log(Object.keys(await clients.aggregate({ n: count(), top: max('credit'), low: min('credit'), all: sum('credit'), mean: avg('credit') })))
      console.log(typeof f('credit').plus)`
    const { stderr, stdout } = await manage.run(['shell', '--business', 'acme', '-c', code])
    assert.deepEqual({ stderr, stdout }, { stderr: '', stdout: "[ 'n', 'top', 'low', 'all', 'mean' ]\nfunction\n" })
  })

  test('runs what comes in', async () => {
    const input = 'const rows = await ctx.query(User).all()\nconsole.log(rows.length)\n'
    assert.deepEqual(await manage.run(['shell'], { input }), { code: 0, stdout: '7\n', stderr: '' })
  })

  test('without a business, no row of one is seen: the code is told so, and ends with 1', async () => {
    const { code, stderr } = await manage.run(['shell', '-c', 'await ctx.query(Client).count()'])
    assert.equal(code, 1)
    assert.match(stderr, /TenancyError/)
  })

  test('a business that there is not is an expected failure', async () => {
    const { code, stderr } = await manage.run(['shell', '--business', 'nosuch', '-c', ''])
    assert.deepEqual({ code, stderr }, { code: 1, stderr: "CommandError: business 'nosuch' does not exist\n" })
  })
})
