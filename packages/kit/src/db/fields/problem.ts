/** What is wrong with one value, in the words that the client reads. Returned, not thrown: bad input is no exception. */
export class Problem {
  readonly messages: readonly string[]

  constructor(...messages: readonly string[]) {
    this.messages = messages
  }
}

/** A value that is one of the kind but beyond its bounds: it cannot be written, though other values may be held against it. */
export class OutOfBounds extends Problem {
  /** In the form of the kind. */
  readonly value: unknown

  constructor(message: string, value: unknown) {
    super(message)
    this.value = value
  }
}
