/** Some rows were made only with other values than they were cast with: the worlds have to be made anew, of what is known now. */
export class SamplesLearned extends Error {
  constructor() {
    super('The worlds have to be made anew: other samples were needed')
    this.name = 'SamplesLearned'
  }
}

/** Makes something of samples, and anew whenever they have learned: they come to an end. */
export async function withSamples<Made>(make: () => Promise<Made>): Promise<Made> {
  for (;;) {
    try {
      return await make()
    } catch (error) {
      if (!(error instanceof SamplesLearned)) throw error
    }
  }
}
