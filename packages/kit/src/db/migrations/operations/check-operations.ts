import { type AnyCondition, type AnyModel, type Check, checkOf } from '../../models/index.ts'
import { MigrationError } from '../migration-error.ts'
import { remakeModel } from '../remake-model.ts'
import { altering } from './altering.ts'
import { type ConfirmOptions, confirmation, optionsArgument } from './confirmation.ts'
import { argumentOf, type Operation } from './operation.ts'

const BREAKING = 'rows that break it are refused'

/**
 * Makes the database hold a condition for every row.
 *
 * @example
 * addCheck('Client', 'credit_positive', { credit__gte: 0 })
 */
export function addCheck(model: string, name: string, where: AnyCondition, options: ConfirmOptions = {}): Operation {
  const check = checkOf(name, where)
  return altering({
    name: 'addCheck',
    args: [model, name, argumentOf(check.where), ...optionsArgument({ confirmed: options.confirmed })],
    ...confirmation(
      options,
      () => BREAKING,
      (confirmed) => addCheck(model, name, where, { confirmed }),
    ),
    fragment: `${model.toLowerCase()}_${name}`,
    model,
    describe: () => `Create check ${name} on model ${model.toLowerCase()}`,
    change(before) {
      if (positionOf(before, name) >= 0) throw new MigrationError(`${before.label} has the check "${name}" already`)
      return remakeModel(before, { checks: [...before.checks, check] })
    },
  })
}

/** Makes the database hold another condition under the name of a check. */
export function alterCheck(model: string, name: string, where: AnyCondition, options: ConfirmOptions = {}): Operation {
  const check = checkOf(name, where)
  return altering({
    name: 'alterCheck',
    args: [model, name, argumentOf(check.where), ...optionsArgument({ confirmed: options.confirmed })],
    ...confirmation(
      options,
      () => BREAKING,
      (confirmed) => alterCheck(model, name, where, { confirmed }),
    ),
    fragment: `alter_${model.toLowerCase()}_${name}`,
    model,
    describe: () => `Alter check ${name} on model ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { checks: checksWith(before, name, [check]) }),
  })
}

export function removeCheck(model: string, name: string): Operation {
  return altering({
    name: 'removeCheck',
    args: [model, name],
    fragment: `remove_${model.toLowerCase()}_${name}`,
    model,
    describe: () => `Remove check ${name} from model ${model.toLowerCase()}`,
    change: (before) => remakeModel(before, { checks: checksWith(before, name, []) }),
  })
}

const positionOf = ({ checks }: AnyModel, name: string): number => checks.findIndex((check) => check.name === name)

function checksWith(model: AnyModel, name: string, replacement: readonly Check[]): Check[] {
  const position = positionOf(model, name)
  if (position < 0) throw new MigrationError(`${model.label} has no check "${name}"`)
  return model.checks.toSpliced(position, 1, ...replacement)
}
