import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BookPreview, GuidePageView, GuideRow, GuideTrial, TodayView } from '../../api/contract.ts'
import { followOffice } from '../../api/follow.ts'
import { writeBook } from '../../api/guides/book.ts'
import type { Shell } from '../../api/shell.ts'
import type { Role } from '../../casework/ticket.ts'
import type { Guide } from '../../nlp/guide.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { openProcess, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let database: TestDatabase
let office: TestOffice
let other: TestOffice | undefined
let clerk: StaffClient
let lead: StaffClient
beforeEach(async () => {
  database = await createTestDatabase()
  office = await openProcess(database)
  clerk = await office.hire('clerk', ['clerk'])
  lead = await office.hire('lead', ['lead'])
})
afterEach(async () => {
  await other?.close()
  other = undefined
  await office.close()
})

/** One more whole program on the same database, as a second process: what is edited in the one must be said in the other. */
async function openOther(): Promise<FollowingShell> {
  other = await openProcess({ ...database, remove: async () => undefined })
  return other.shell as FollowingShell
}
type FollowingShell = Parameters<typeof followOffice>[0]

const today = '2026-06-10'
const page = async (id: string, by = clerk): Promise<GuidePageView> => (await by.get<GuidePageView>(`/guides/${id}`)).body
const inForce = async (id: string): Promise<Guide> => {
  const { versions, current } = await page(id)
  return versions.find(({ version }) => version === current)!.guide
}
const edited = async (change: Partial<Guide>, id = 'e-invoice'): Promise<Guide> => ({ ...(await inForce(id)), ...change })
const save = (guide: object, rest: object = {}, by = clerk) => by.post<{ version: number; revision: number; message: string }>('/guides', { guide, ...rest })
const decide = (version: number, rest: object = {}, by = lead) =>
  by.post<{ message: string; code: string }>('/guides/decisions', { keys: [{ guideId: 'e-invoice', version, revision: 1 }], state: 'approved', ...rest })
const said = ({ knowledge }: Shell) => knowledge.current().guides.get('e-invoice')?.where
describe('a guide', () => {
  test('that one has edited and another approved is what both processes answer from', async () => {
    const second = await openOther()
    const { body } = await save(await edited({ where: '政务大厅三楼' }))
    expect(said(office.shell)).not.toBe('政务大厅三楼')
    expect((await decide(body.version)).status).toBe(200)
    expect(said(office.shell)).toBe('政务大厅三楼')

    expect(said(second)).not.toBe('政务大厅三楼')
    expect(await followOffice(second)).toBeGreaterThan(0)
    expect(said(second)).toBe('政务大厅三楼')
    expect(await followOffice(second)).toBe(0)
  })

  test('is found by a new name in the other process too, and nothing but the index was built for it', async () => {
    const second = await openOther()
    const understand = second.knowledge.current().understand
    const guide = await inForce('e-invoice')
    const { body } = await save({ ...guide, names: [...guide.names, '撕票本本'] })
    await decide(body.version)
    await followOffice(second)

    const knowledge = second.knowledge.current()
    expect(knowledge.index.match('我想弄个撕票本本').guides[0]?.id).toBe('e-invoice')
    expect(knowledge.understand).toBe(understand)
  })

  test('is not approved by one who has written on it, nor by one who may not approve', async () => {
    const { body } = await save(await edited({ fee: '不要钱' }), {}, lead)
    expect((await decide(body.version, {}, lead)).body.message).toContain('别人来批准')
    expect((await decide(body.version, {}, clerk)).body.message).toContain('只有专班组长')

    const director = await office.hire('director', ['director'])
    await save(await edited({ fee: '一分钱不要' }), { replaces: { version: body.version, revision: 1 } }, director)
    const again = { keys: [{ guideId: 'e-invoice', version: body.version, revision: 2 }] }
    expect((await decide(0, again, lead)).body.message).toContain('别人来批准')
    expect((await decide(0, again, director)).body.message).toContain('别人来批准')
    expect(said(office.shell)).toBe((await inForce('e-invoice')).where)
  })

  test('is not approved as another text than the one that was read', async () => {
    const { body } = await save(await edited({ fee: '甲' }))
    await save(await edited({ fee: '乙' }), { replaces: { version: body.version, revision: 1 } })
    expect((await decide(body.version)).status).toBe(409)
    expect((await inForce('e-invoice')).fee).not.toBe('乙')
  })

  test('has one open draft at a time, which its author can take back', async () => {
    const { body } = await save(await edited({ fee: '甲' }))
    const second = await save(await edited({ fee: '乙' }), {}, lead)
    expect([second.status, second.body.message]).toEqual([422, expect.stringContaining('clerk')])
    expect((await decide(body.version, { state: 'withdrawn' }, lead)).status).toBe(422)
    expect((await decide(body.version, { state: 'withdrawn' }, clerk)).status).toBe(200)
    expect((await save(await edited({ fee: '乙' }), {}, lead)).status).toBe(200)
  })

  test('that is sent back is sent back with a reason that its author reads', async () => {
    const { body } = await save(await edited({ fee: '甲' }))
    expect((await decide(body.version, { state: 'rejected' })).body.message).toContain('理由')
    await decide(body.version, { state: 'rejected', reason: '收费要写明依据' })
    const [version] = (await page('e-invoice')).versions
    expect([version?.state, version?.decision, version?.decider]).toEqual(['rejected', '收费要写明依据', 'lead'])
  })

  test('takes effect on its day and ends after its last day, at midnight of Shanghai and without a restart', async () => {
    const { body } = await save(await edited({ where: '新大厅' }), { startsOn: '2026-06-12', endsOn: '2026-06-13' })
    await decide(body.version)
    const at = async (iso: string) => {
      office.sleepTo(iso)
      await office.shell.knowledge.reload()
      return said(office.shell)
    }
    const old = said(office.shell)

    expect(await at('2026-06-11T23:59:59+08:00')).toBe(old)
    expect(await at('2026-06-12T00:00:00+08:00')).toBe('新大厅')
    expect(await at('2026-06-13T23:59:59+08:00')).toBe('新大厅')
    expect(await at('2026-06-14T00:00:00+08:00')).toBeUndefined()
    expect(
      office.shell.knowledge
        .current()
        .index.match('怎么开电子发票')
        .guides.map(({ id }) => id),
    ).not.toContain('e-invoice')
    const row = (await clerk.get<{ rows: GuideRow[] }>('/guides')).body.rows.find(({ id }) => id === 'e-invoice')
    expect(row?.standing).toBe('ended')
  })

  test('cannot begin in the past or end before it begins', async () => {
    const guide = await edited({ fee: '甲' })
    expect((await save(guide, { startsOn: '2026-06-09' })).status).toBe(422)
    expect((await save(guide, { startsOn: '2026-07-01', endsOn: '2026-06-30' })).status).toBe(422)
  })

  test('keeps its older texts, with what each has changed', async () => {
    const before = await inForce('e-invoice')
    const { body } = await save({ ...before, steps: [...before.steps.slice(1), '拿发票'] })
    await decide(body.version)

    const { versions, current } = await page('e-invoice')
    expect(versions.map(({ version }) => version)).toEqual([2, 1])
    expect(current).toBe(2)
    expect(versions[1]?.guide).toEqual(before)
    expect(versions[0]?.differences).toEqual([{ part: '步骤', gone: [before.steps[0]], come: ['拿发票'] }])
  })

  test('with faults is refused with every fault named as the clerk knows it', async () => {
    const guide = await edited({ title: ' ', steps: [], field: '没有的领域', basis: [{ title: '办法', since: '2026-02-30' }] })
    const { status, body } = await save({ ...guide, materials: [{ name: '', copies: '1份' }] })
    expect(status).toBe(400)
    for (const fault of ['“事项名称”没有填', '“步骤”至少要有一条', '“材料第 1 条的材料名称”没有填', '“依据第 1 条的施行日期”日期要写成'])
      expect(body.message).toContain(fault)
    const unknown = await save(await edited({ field: '没有的领域', department: 'nobody' }))
    expect(unknown.body.message).toMatch(/没有“没有的领域”这个领域.*没有“nobody”这个部门/)
  })

  test('is written by a department only where it is its own', async () => {
    const taxman = await office.hire('taxman', ['liaison'], 'tax')
    expect((await save(await edited({ fee: '甲' }), {}, taxman)).status).toBe(200)
    expect((await save(await edited({}, 'id-card-lost'), {}, taxman)).body.message).toContain('只能改本部门')
    expect((await save(await edited({}), {}, await office.hire('mayor', ['mayor']))).status).toBe(403)
  })

  test('that is new gets a number from its title, and a number is not given twice', async () => {
    const guide = await edited({ title: '流动摊贩备案', names: ['摆摊'] })
    const { id: _, ...blank } = guide
    const { status, body } = await save(blank, { isNew: true })
    expect([status, (body as unknown as { guideId: string }).guideId]).toEqual([200, 'liu-dong-tan-fan-bei-an'])
    expect((await save(blank, { isNew: true })).body.message).toContain('编号已经有')
    const row = (await clerk.get<{ rows: GuideRow[] }>(`/guides?words=${encodeURIComponent('摆摊 备案')}`)).body.rows
    expect(row.map(({ id, standing }) => [id, standing])).toContainEqual(['liu-dong-tan-fan-bei-an', 'new'])
  })

  test('not reviewed within a year is shown as old from the anniversary on', async () => {
    const { body } = await save(await edited({ reviewedOn: '2025-06-11' }))
    await decide(body.version)
    const isOld = async () => (await clerk.get<{ rows: GuideRow[] }>('/guides')).body.rows.find(({ id }) => id === 'e-invoice')?.isOld
    const alarms = async () => (await clerk.get<TodayView>('/today')).body.alarms.map(({ text }) => text)
    expect(await isOld()).toBe(false)
    expect(await alarms()).toEqual([])
    office.sleepTo('2026-06-11T00:00:00+08:00')
    expect(await isOld()).toBe(true)
    expect(await alarms()).toEqual([expect.stringContaining('有 1 篇在用的办事指南超过一年没有复核')])
  })

  test('is tried out as the bot would answer from the draft, and nothing is stored by it', async () => {
    const guide = await edited({ fee: '每本收工本费一元' })
    const { body } = await clerk.post<GuideTrial>('/guides/trial', { guide, question: '开电子发票收费吗' })
    expect(body.replies[0]?.text).toContain('每本收工本费一元')
    const now = await clerk.post<GuideTrial>('/guides/trial', { question: '开电子发票收费吗' })
    expect(now.body.replies[0]?.text).not.toContain('工本费一元')
    expect(await office.shell.db.prisma.conversation.count()).toBe(0)
  })

  test('leaves every step in the audit', async () => {
    const { body } = await save(await edited({ fee: '甲' }))
    await decide(body.version)
    const rows = await office.shell.db.prisma.audit.findMany({ where: { subject: { contains: 'e-invoice' } }, orderBy: { id: 'asc' } })
    expect(rows.map(({ staffId, action, subject }) => [staffId, action, subject])).toEqual([
      ['clerk', 'guide drafted', 'e-invoice v2'],
      ['lead', 'guide approved', 'e-invoice v2'],
    ])
  })
})

test('what else the office edits reaches the other process without a login or a restart', async () => {
  const second = await openOther()
  const before = second.knowledge.current()
  const director = await office.hire('老主任', ['director' as Role])
  const { version, policy } = (await director.get<{ version: number; policy: { marks: object } }>('/policy')).body
  await director.post('/policy', { version, policy: { ...policy, marks: { ...policy.marks, before: [25] } } })
  await office.shell.db.prisma.department.update({ where: { id: 'tax' }, data: { name: '新税务局' } })
  await followOffice(second)

  const after = second.knowledge.current()
  expect(after.office.policy.marks.before).toEqual([25])
  expect(after.office.departments.find(({ id }) => id === 'tax')?.name).toBe('新税务局')
  expect(second.names.get('老主任')).toBe('老主任')
  expect(after.index).toBe(before.index)
  expect(after.understand).not.toBe(before.understand)
})

test(`a text approved on ${today} stands before one that was approved earlier for the same day`, async () => {
  const first = await save(await edited({ where: '甲处' }))
  await decide(first.body.version)
  const second = await save(await edited({ where: '乙处' }))
  await decide(second.body.version)
  expect(said(office.shell)).toBe('乙处')
})

describe('a workbook', () => {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  const send = async (file: Buffer, query = '', by = clerk) => {
    const answer = await fetch(`${office.url}/api/staff/guides/import${query}`, {
      method: 'POST',
      headers: { cookie: by.cookie(), 'x-bandecheng': '1', 'content-type': type },
      body: new Uint8Array(file),
    })
    return { status: answer.status, body: (await answer.json()) as BookPreview & { message: string } }
  }
  const exported = async (): Promise<Buffer> => {
    const answer = await fetch(`${office.url}/api/staff/guides.xlsx`, { headers: { cookie: clerk.cookie() } })
    return Buffer.from(await answer.arrayBuffer())
  }
  const withGuides = (guides: readonly Guide[]) => writeBook(guides, { departments: office.shell.knowledge.current().office.departments, fields: [] })

  test('that comes back as it went out changes nothing', async () => {
    const { body } = await send(await exported())
    expect(body).toEqual({ same: office.shell.knowledge.current().guides.size, rows: [], faults: [] })
  })

  test('shows first what it would change, then makes drafts of it that another approves at once', async () => {
    const changed = await edited({ fee: '全免' })
    const fresh = { ...changed, id: 'ban-jia', title: '搬家备案', names: ['搬家要备案吗'] }
    const file = await withGuides([changed, fresh])

    const { body } = await send(file)
    expect(body.rows).toEqual([
      { id: 'e-invoice', title: changed.title, isNew: false, parts: ['收费'] },
      { id: 'ban-jia', title: '搬家备案', isNew: true, parts: [] },
    ])
    expect(await office.shell.db.prisma.guideVersion.count({ where: { state: 'draft' } })).toBe(0)

    expect((await send(file, '?apply=true')).status).toBe(200)
    const rows = (await lead.get<{ rows: GuideRow[] }>('/guides')).body.rows
    const keys = rows.flatMap(({ drafts }) => drafts)
    expect(keys).toHaveLength(2)
    await decide(0, { keys })
    expect(office.shell.knowledge.current().guides.get('e-invoice')?.fee).toBe('全免')
    expect(office.shell.knowledge.current().index.match('搬家要备案吗').guides[0]?.id).toBe('ban-jia')
  })

  test('with a fault in it stores nothing at all', async () => {
    const file = await withGuides([await edited({ fee: '全免' }), { ...(await edited({}, 'id-card-lost')), title: '' }])
    const { status, body } = await send(file, '?apply=true')
    expect([status, body.message]).toEqual([422, expect.stringContaining('1 处错误')])
    expect((await send(file)).body.faults.map(({ said }) => said)).toEqual(['《指南》第 3 行“事项名称”：没有填'])
    expect(await office.shell.db.prisma.guideVersion.count({ where: { state: 'draft' } })).toBe(0)
  })

  test('does not overrun a draft that waits', async () => {
    await save(await edited({ fee: '甲' }))
    const { body } = await send(await withGuides([await edited({ fee: '乙' })]))
    expect(body.faults.map(({ said }) => said)).toEqual([expect.stringContaining('已有一份待批准的草稿')])
  })

  test('that is none is refused in plain words', async () => {
    expect((await send(Buffer.from('x'))).body.faults[0]?.said).toContain('打不开')
    expect((await clerk.post<{ message: string }>('/guides/import', {})).body.message).toContain('打不开')
  })
})
