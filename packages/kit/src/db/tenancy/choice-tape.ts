/** Decisions read off a list of numbers: fast-check makes the list, shortens it, and the query shrinks with it. */
export class ChoiceTape {
  readonly #numbers: readonly number[]
  #position = 0

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers
  }

  /** A number below `limit`; past the end of the tape always 0, which stands for the simplest choice. */
  below(limit: number): number {
    const number = this.#numbers[this.#position] ?? 0
    this.#position += 1
    return number % limit
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === times - 1
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.below(items.length)] ?? items[0]
  }
}
