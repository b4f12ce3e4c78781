import { CLIENT, databases, openProject, PASSWORD } from './project.ts'

for (const d of databases) {
  const p = await openProject(d)
  console.log(d.name)
  try {
    const u = await p.makeUser({ name: 'Asha' })
    const b = await p.makeBusiness('Acme')
    await p.makeMember(u, b, 'agent')
    const s = await p.auth.login({ email: 'ASHA@acme.test', password: PASSWORD }, CLIENT)
    console.log(s)
    console.log(await p.auth.authenticate(`Bearer ${s.access}`))
  } catch (e) {
    console.log(e)
  }
  await p.close()
}
