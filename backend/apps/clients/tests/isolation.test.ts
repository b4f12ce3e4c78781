import { isolationSuite } from '@bailiwick/kit/testing'
import { project } from '../../../core/project.ts'

isolationSuite(project, { apps: ['clients'] })
