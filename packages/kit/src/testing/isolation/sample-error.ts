/** A row that the suite cannot make by itself: somebody has to say what it may hold. Its message says all, so it has no trace. */
export class SampleError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SampleError'
    this.stack = message
  }
}

/** How to supply what a model's fields take, for messages. */
export function howToSupply(label: string, field: string): string {
  const samples = `{ '${label}': { ${field}: … } }`
  return `Say which values it takes: isolationSuite(project, { samples: ${samples} }), and for the command isolation.ts beside manage.ts with: export const samples = ${samples}`
}
