import { inflateRawSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Command } from '../../casework/decision.ts'
import { act, aFullLife, person } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import type { StaffClient } from '../support/staff.ts'

let office: TestOffice
let director: StaffClient
beforeEach(async () => {
  office = await openOffice()
  director = await office.hire('director', ['director'])
})
afterEach(() => office.close())

/** Parts of a zip by name, read from its central directory. */
function unzip(data: Buffer): Map<string, string> {
  const end = data.lastIndexOf(Buffer.from('504b0506', 'hex'))
  const parts = new Map<string, string>()
  for (let at = data.readUInt32LE(end + 16), left = data.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, name, extra, comment] = [
      data.readUInt16LE(at + 10),
      data.readUInt32LE(at + 20),
      data.readUInt16LE(at + 28),
      data.readUInt16LE(at + 30),
      data.readUInt16LE(at + 32),
    ]
    const local = data.readUInt32LE(at + 42)
    const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28)
    const packed = data.subarray(start, start + size)
    parts.set(String(data.subarray(at + 46, at + 46 + name)), String(method === 0 ? packed : inflateRawSync(packed)))
    at += 46 + name + extra + comment
  }
  return parts
}

async function documentOf(path: string): Promise<{ text: string; xml: string; footer: string; type: string | null }> {
  // Days have passed: logs in again.
  await director.get('/me')
  const answer = await fetch(`${office.url}/api/staff/${path}`, { headers: { cookie: director.cookie() } })
  const data = Buffer.from(await answer.arrayBuffer())
  const parts = unzip(data)
  const xml = parts.get('word/document.xml') ?? ''
  const footer = [...parts].find(([name]) => name.startsWith('word/footer'))?.[1] ?? ''
  return { xml, text: xml.replace(/<[^>]+>/g, ''), footer, type: answer.headers.get('content-type') }
}
const page = async (path: string) => (await fetch(`${office.url}/api/staff/${path}`, { headers: { cookie: director.cookie() } })).text()

test('every paper of a case is there as a document too, with the words of its print page', async () => {
  const { id } = await aFullLife(office)
  const { body } = await director.get<{ rows: { name: string; title: string }[] }>(`/tickets/${id}/papers`)

  for (const { name, title } of body.rows) {
    const { text, type } = await documentOf(`tickets/${id}/papers/${name}.docx`)
    expect(type).toContain('wordprocessingml')
    expect(text).toContain(title)
    const cells = [...(await page(`tickets/${id}/papers/${name}`)).matchAll(/<td>([^<&]+)<\/td>/g)].map((found) => found[1] ?? '')
    for (const cell of cells.filter((one) => one.trim() && !one.includes('\n'))) expect(text, `${name}: ${cell}`).toContain(cell)
  }
})

test('the minutes name the time, who came and what was resolved, in the fonts of official documents, with numbered pages', async () => {
  const { id } = await aFullLife(office)

  const { text, xml, footer } = await documentOf(`tickets/${id}/papers/minutes.docx`)

  for (const words of ['会议纪要', '6月11日下午3点', '孙科长', '补开契税票据', '由税务补开票据']) expect(text).toContain(words)
  for (const face of ['仿宋', '黑体', '方正小标宋简体']) expect(xml).toContain(`w:eastAsia="${face}"`)
  expect(footer).toMatch(/PAGE[\s\S]*NUMPAGES/)
})

test('the report upward says why, what was done and what the units think, and leaves room for the instruction', async () => {
  const facts = { name: '刘芳', phone: '13800001111', matter: '外资注册', story: '股东资金进不来' }
  const proposal = { demandClass: 'bottleneck', level: 2, departments: ['market'], flags: [], reasons: [] } as const
  const [clerk, lead] = [person('王窗口', ['clerk']), person('周组长', ['lead'])]
  const go = (at: string, command: Command, by = clerk) => act(office, 'up', at, command, by)
  await go('2026-06-10 10:00', {
    type: 'register',
    id: 'up',
    number: '1410-20260610-0001-4',
    channel: 'counter',
    demand: 'cannot',
    urgent: false,
    facts,
    proposal,
  })
  expect((await director.get('/tickets/up/papers/upward.docx')).status).toBe(404)
  await go('2026-06-10 10:30', { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '涉外', lead: 'market', supporting: ['tax'], reason: '外方身份' })
  await go('2026-06-10 11:00', { type: 'assign', note: '请研究' })
  await go('2026-06-10 14:00', { type: 'opine', unit: 'tax', text: '税务可配合' }, lead)
  await go('2026-06-11 09:00', { type: 'raise', level: 3, reason: '需使馆认证，超出本级' }, lead)
  await go('2026-06-11 10:00', { type: 'instruct', text: '请商务局牵头对接' }, person('马主任', ['director']))

  const { text, xml } = await documentOf('tickets/up/papers/upward.docx')

  for (const words of ['呈报件', '市领导', '需使馆认证，超出本级', '税务可配合', '领导批示', '请商务局牵头对接', '138****1111']) expect(text).toContain(words)
  expect(text).not.toContain('13800001111')
  expect(xml).toMatch(/<w:trHeight[^>]*w:val="25\d\d"/)
})

test('the month report is a document ready to sign, with the cases behind its figures', async () => {
  const { number } = await aFullLife(office)

  const { text } = await documentOf('report/2026-06.docx')

  expect(text).toContain('本月受理 1 件')
  expect(text).toContain('签发人')
  expect(text).toMatch(new RegExp(`超期\\d+.*${number}|在办0`))
  expect((await director.get('/report/2026-06.pdf')).status).toBe(400)
})
