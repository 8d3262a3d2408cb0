import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DocumentView } from '../../api/contract.ts'
import type { Policy } from '../../casework/policy.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let director: StaffClient
beforeEach(async () => {
  office = await openOffice()
  director = await office.hire('director', ['director'])
})
afterEach(() => office.close())

const documents = async (): Promise<DocumentView[]> => (await director.get<{ rows: DocumentView[] }>('/documents')).body.rows
const one = async (id: string): Promise<DocumentView> => {
  const found = (await documents()).find((each) => each.id === id)
  if (!found) throw new Error(id)
  return found
}
const open = async (path = '') => {
  const answer = await fetch(`${office.url}/api/public/documents${path}`)
  return { status: answer.status, text: await answer.text() }
}

test('an office begins with one plan, five rules and one flow, as drafts that nobody outside sees', async () => {
  const all = await documents()

  expect(all.map((each) => each.kind)).toEqual(['plan', 'rule', 'rule', 'rule', 'rule', 'rule', 'flow'])
  expect(all.every((each) => each.draft && !each.public && each.version === 1)).toBe(true)
  expect(all.map((each) => each.title).join()).toMatch(/电话回访制度.*三级联动工作机制.*联席会议制度.*跟踪督办制度.*窗口管理制度/)
  expect((await one('flow')).chart).toContain('<svg')
  expect((await open()).text).toBe('{"rows":[]}')
  expect((await open('/plan')).status).toBe(404)
})

test('a rule shows its switches as the office has set them, and follows an edit of the policy', async () => {
  expect(Object.fromEntries((await one('callback')).switches)).toMatchObject({ 最多回访: '3 次', 回访时段: '09:00—17:30', 差评: '不满意及以下' })
  const { version, policy } = (await director.get<{ version: number; policy: Policy }>('/policy')).body

  await director.post('/policy', { version, policy: { ...policy, callback: { ...policy.callback, attempts: 2 } } })

  expect(Object.fromEntries((await one('callback')).switches)).toMatchObject({ 最多回访: '2 次' })
  for (const { kind, switches } of await documents()) expect(switches.length > 0 || kind === 'flow').toBe(true)
})

test('an edit is a new version, the old ones stay, and of two edits of one version the second is refused', async () => {
  const { title } = await one('callback')
  const edit = { version: 1, title, content: '逐件回访。', draft: false, public: true, effectiveOn: '2026-07-01' }

  expect((await director.post('/documents/callback', edit)).status).toBe(200)
  expect((await director.post('/documents/callback', { ...edit, content: '别的' })).status).toBe(409)

  const { body } = await director.get<{ rows: DocumentView[] }>('/documents/callback')
  expect(body.rows.map((each) => [each.version, each.draft, each.updatedBy])).toEqual([
    [2, false, 'director'],
    [1, true, 'seed'],
  ])
})

test('what the office has adopted and opened is public, with its switches; a draft never is', async () => {
  const { title, content } = await one('flow')
  const edit = { version: 1, title: '<b>流程</b>', content, draft: false, public: true, effectiveOn: '2026-07-01' }
  const refused = await director.post('/documents/flow', { ...edit, draft: true })
  expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining('先采用')])
  const clerk = await office.hire('clerk', ['clerk'])
  expect((await clerk.post('/documents/flow', edit)).status).toBe(403)

  await director.post('/documents/flow', edit)

  expect(JSON.parse((await open()).text)).toEqual({ rows: [{ id: 'flow', kind: 'flow', title: '<b>流程</b>', effectiveOn: '2026-07-01', version: 2 }] })
  const { text } = await open('/flow')
  expect(text).toContain('&lt;b&gt;流程')
  expect(text).not.toContain('<b>流程')
  expect(text).toContain('2026-07-01 起施行')
  expect(title).toContain('流程')
})
