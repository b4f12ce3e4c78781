export { type Action, type ActionCall, action } from './action.ts'
export type { AnswerShape, Endpoint, Method, Parameter } from './endpoint.ts'
export { type Expandable, type Expandables, MAX_EXPANDED } from './expandable.ts'
export { type FileViewOptions, fileView } from './file-view.ts'
export type { ComputedMember, FieldMember, Member, NestedMember, NestedSerializer } from './member.ts'
export { type ApiOptions, endpointsOf, type Router, router } from './router.ts'
export {
  type AnySerializer,
  computed,
  listOf,
  type ModelSerializerOptions,
  orNull,
  type Serializer,
  serializer,
} from './serializer.ts'
export { serveEndpoints } from './serve-endpoints.ts'
export { FORM_TYPE, type UploadRules } from './upload.ts'
export { type View, type ViewCall, type ViewOptions, view } from './view.ts'
export {
  type HookCall,
  STANDARD_ACTIONS,
  type StandardAction,
  type ViewSet,
  type ViewSetOptions,
  viewset,
  type WriteCall,
} from './viewset.ts'
export type { ApiLimits } from './viewset-place.ts'
