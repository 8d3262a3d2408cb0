import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AuditRow, ConversationView, NoteView, TicketView } from '../../api/contract.ts'
import { createChatClient } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

const numbers = ['13812345678', '11010519491231002X', '139-1234-5678', '13612345678', '13512345678', '13712345678']
const story = '窗口不给办，有事打我邻居139-1234-5678，我的身份证11010519491231002X'

let office: TestOffice
let clerk: StaffClient
let talkId: string
let caseId: string
beforeEach(async () => {
  office = await openOffice()
  clerk = await office.hire('clerk', ['clerk'])
  const citizen = createChatClient(office.url)
  await citizen.connect()
  await citizen.say(`办房产证${story}，我叫王芳，电话13812345678`)
  await citizen.say('转人工')
  citizen.drop()
  talkId = (await clerk.waiting())[0]?.id ?? ''
  const { body } = await clerk.post<TicketView>(`/conversations/${talkId}/register`, { commandId: randomUUID(), demand: 'cannot', facts: { story } })
  caseId = body.row.id
  await clerk.command(caseId, { type: 'triage', demandClass: 'bottleneck', level: 1, cause: '材料缺失', lead: 'natural', reason: '已问过13612345678' })
  await clerk.command(caseId, { type: 'assign', note: '请联系13512345678' })
  await clerk.post(`/tickets/${caseId}/notes`, { id: randomUUID(), text: '他还有一个号码13712345678' })
  await clerk.post(`/conversations/${talkId}/notes`, { id: randomUUID(), text: '他还有一个号码13712345678' })
})
afterEach(() => office.close())

const found = (value: unknown): string[] => numbers.filter((number) => JSON.stringify(value).includes(number))
const audited = async (action: string): Promise<AuditRow[]> => {
  const director = await office.hire(`director-${randomUUID()}`, ['director'])
  return (await director.get<{ rows: AuditRow[] }>('/audit')).body.rows.filter((row) => row.action === action)
}

test('no number stands in a case, its journal, its notes, its papers, its notices or the talk behind it', async () => {
  const paths = [
    `/tickets/${caseId}`,
    `/tickets/${caseId}/notes`,
    `/conversations/${talkId}`,
    '/conversations?state=all',
    '/today',
    '/tickets',
    `/tickets/${caseId}/alike`,
  ]
  for (const path of paths) expect(found((await clerk.get(path)).body), path).toEqual([])
  for (const name of ['receipt', 'triage']) {
    const answer = await fetch(`${office.url}/api/staff/tickets/${caseId}/papers/${name}`, { headers: { cookie: clerk.cookie() } })
    expect(found(await answer.text()), name).toEqual([])
  }
  const { body } = await clerk.get<ConversationView>(`/conversations/${talkId}`)
  expect(JSON.stringify(body.messages)).toContain('139-****-5678')
})

test('a case is shown in full when that is asked for, and the audit says by whom', async () => {
  const { body } = await clerk.post<{ view: TicketView; notes: NoteView[] }>(`/tickets/${caseId}/reveal`)

  expect(found(body)).toEqual(['13812345678', '11010519491231002X', '139-1234-5678', '13612345678', '13512345678', '13712345678'])
  expect(body.view.ticket.facts.story).toBe(story)
  expect(await audited('personal data shown')).toMatchObject([{ name: 'clerk', subject: caseId }])
})

test('a talk is shown in full when that is asked for, and the audit says by whom', async () => {
  const { body } = await clerk.post<ConversationView>(`/conversations/${talkId}/reveal`)

  expect(found(body)).toEqual(['13812345678', '11010519491231002X', '139-1234-5678', '13712345678'])
  expect(await audited('talk shown in full')).toMatchObject([{ name: 'clerk', subject: talkId }])
})

test('what was understood still stands where it is marked, number or not', async () => {
  const { body } = await clerk.get<ConversationView>(`/conversations/${talkId}`)

  const marked = body.understood.flatMap(({ seq, marks }) =>
    marks.map(({ start, end, label }) => [label, body.messages.find((one) => one.seq === seq)?.text.slice(start, end)]),
  )
  expect(marked).toContainEqual(['电话', '138****5678'])
})

test('a text that is sent back with its mask keeps the numbers that were there', async () => {
  const { ticket } = await clerk.ticket(caseId)
  await clerk.command(caseId, { type: 'amend', facts: { story: `${ticket.facts.story}。补充：下午来过` } })

  const { body } = await clerk.post<{ view: TicketView }>(`/tickets/${caseId}/reveal`)
  expect(body.view.ticket.facts.story).toBe(`${story}。补充：下午来过`)
})
