import { describe, test } from 'node:test'
import { positiveBigInteger, positiveInteger, positiveSmallInteger, smallInteger } from './index.ts'
import { refuses, takes } from './test-kinds.ts'

describe('whole numbers of other widths', () => {
  test('hold what their columns hold', () => {
    takes(smallInteger(), [[-32768, -32768], ['32767', 32767]]) // biome-ignore format: pairs
    takes(positiveSmallInteger(), [[0, 0], [32767, 32767]]) // biome-ignore format: pairs
    takes(positiveInteger(), [['2147483647', 2147483647], ['5.0', 5]]) // biome-ignore format: pairs
    takes(positiveBigInteger(), [['9223372036854775807', 2n ** 63n - 1n], [0, 0n]]) // biome-ignore format: pairs
  })

  test('refuse what is below or above', () => {
    refuses(smallInteger(), 'Ensure this value is greater than or equal to -32768.', [-32769, '-40000'])
    refuses(smallInteger(), 'Ensure this value is less than or equal to 32767.', [32768])
    refuses(positiveInteger(), 'Ensure this value is greater than or equal to 0.', [-1, '-1'])
    refuses(positiveSmallInteger(), 'Ensure this value is greater than or equal to 0.', [-1])
    refuses(positiveBigInteger(), 'Ensure this value is greater than or equal to 0.', [-1n, '-1'])
    refuses(positiveBigInteger(), 'Ensure this value is less than or equal to 9223372036854775807.', [2n ** 63n])
  })

  test('take bounds of their own within those', () => {
    refuses(positiveInteger({ min: 1 }), 'Ensure this value is greater than or equal to 1.', [0])
    refuses(positiveInteger({ min: -5 }), 'Ensure this value is greater than or equal to 0.', [-1])
    refuses(positiveBigInteger({ min: -5n, max: 2n ** 70n }), 'Ensure this value is greater than or equal to 0.', [-1n])
    refuses(smallInteger({ max: 12 }), 'Ensure this value is less than or equal to 12.', [13])
  })
})
