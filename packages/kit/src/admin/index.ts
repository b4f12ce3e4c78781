export { type AdminSite, adminSite } from './admin-site.ts'
export { type AdminProblem, checkAdmin } from './check-admin.ts'
export { type Fieldset, isModelAdmin, type ModelAdmin, type ModelAdminOptions, register } from './model-admin.ts'
