export { inspectedModels } from './inspected-model.ts'
export { type ModelsSourceOptions, modelsSource } from './models-source.ts'
