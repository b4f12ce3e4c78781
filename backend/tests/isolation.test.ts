import { isolationSuite } from '@bailiwick/kit/testing'
import { project } from '../core/project.ts'
import { samples } from '../isolation.ts'

// Every app of the project, also one that has no such test of its own.
isolationSuite(project, { samples })
