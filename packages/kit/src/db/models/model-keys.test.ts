import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { choice, date, integer, json, text } from '../fields/index.ts'
import { f } from './field-expression.ts'
import { model } from './model.ts'
import { checkName, indexName, uniqueKeyName } from './model-keys.ts'
import { q } from './q.ts'

const fields = {
  name: text(),
  status: choice(['lead', 'active']).default('lead'),
  age: integer(),
  born: date().optional(),
  tags: json(),
}
const client = (more: object) => model('clients.Client', { scope: 'business', fields, ...more })
const refused = (more: object, message: RegExp) => assert.throws(() => client(more), { name: 'TypeError', message })

describe('keys, indexes and checks of a model', () => {
  it('have names that stay', () => {
    const { unique, indexes, ...of } = client({
      unique: [['name'], { fields: ['name'], where: { status: 'active' } }, { fields: ['age'], name: 'once' }],
      indexes: [['status'], ['-age'], { fields: ['age'], where: { status: 'lead' } }],
    })
    assert.deepEqual(
      unique.map((set) => uniqueKeyName(of, set)),
      ['clients_client_name_uniq', 'clients_client_name_65cddca9_uniq', 'once'],
    )
    assert.deepEqual(
      indexes.map((index) => indexName(of, index)),
      ['clients_client_status_idx', 'clients_client_age_14248649_idx', 'clients_client_age_e80c3e2f_idx'],
    )
    assert.equal(checkName(of, 'adult'), 'clients_client_adult_check')
  })

  it('are refused where they cannot be made, naming what is wrong', () => {
    refused(
      { checks: { adult: { aged: 1 } } },
      /clients\.Client: the check "adult" names no field: "aged"\. There are:/,
    )
    refused({ checks: { adult: { business_id: 'x' } } }, /names no field: "business_id"/)
    refused(
      { checks: { adult: { age__icontains: 1 } } },
      /asks for "age__icontains", which a table cannot: age has exact/,
    )
    refused({ checks: { adult: { age__gte: 'old' } } }, /cannot hold "age__gte" against "old": A valid integer/)
    refused({ checks: { adult: { age__in: [] } } }, /cannot hold "age__in" against \[\]/)
    refused({ checks: { adult: { age__gte: null } } }, /cannot hold "age__gte" against null/)
    refused(
      { checks: { adult: { age__gte: f('born') } } },
      /against f\('born'\): that must be a field of the same kind/,
    )
    refused({ checks: { Adult: { age__gte: 18 } } }, /a name is in snake_case/)
    refused({ unique: [{ fields: ['nope'] }] }, /has no field "nope"/)
    refused({ unique: [{ fields: [] }] }, /names no field/)
    refused({ indexes: [{ where: { age: 1 } }] }, /names no field and no expression/)
    refused({ indexes: [{ fields: ['name'], using: 'gin' }] }, /takes one field that holds JSON or a list/)
    refused({ indexes: [{ fields: ['name'], using: 'hash' }] }, /must be 'btree' or 'gin'/)
    refused({ indexes: [{ expression: 'substr(name, 2)' }] }, /Write lower\(field\) or upper\(field\), or SQL for each/)
    refused({ indexes: [{ expression: 'lower(age)' }] }, /folds age, which is no text/)
    refused({ mysql: { rowFormat: 'tiny' } }, /rowFormat must be 'dynamic' or 'compressed'/)
  })

  it('are checked by the compiler', () => {
    model('clients.Client', {
      scope: 'business',
      fields,
      unique: [{ fields: ['name'], where: q.or({ status: 'active' }, q.not({ age__gte: 18 })) }],
      checks: { adult: { age__gte: 18 }, known: { where: q.not({ name: '' }), message: 'Give a name.' } },
      indexes: [{ fields: ['-age'], where: { status__in: ['lead'] }, include: ['name'] }],
    })
    const wrong = () => [
      // @ts-expect-error no such field
      model('a.B', { scope: 'business', fields, checks: { adult: { aged__gte: 18 } } }),
      // @ts-expect-error no such lookup
      model('a.B', { scope: 'business', fields, checks: { adult: { age__contains: '1' } } }),
      // @ts-expect-error a value of another type
      model('a.B', { scope: 'business', fields, checks: { adult: { status: 'old' } } }),
      // @ts-expect-error no such field behind a negation
      model('a.B', { scope: 'business', fields, unique: [{ fields: ['name'], where: q.not({ stats: 'lead' }) }] }),
      // @ts-expect-error no such field to keep along
      model('a.B', { scope: 'business', fields, indexes: [{ fields: ['age'], include: ['nam'] }] }),
    ]
    assert.equal(typeof wrong, 'function')
  })
})
