/** What is wrong with one value, in the words that the client reads. Returned, not thrown: bad input is no exception. */
export class Problem {
  readonly messages: readonly string[]

  constructor(...messages: readonly string[]) {
    this.messages = messages
  }
}
