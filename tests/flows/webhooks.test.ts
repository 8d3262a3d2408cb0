import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import type { Command } from '../../casework/decision.ts'
import { partnerSignature } from '../../channels/partner.ts'
import { act, person } from '../support/life.ts'
import { openOffice, type TestOffice } from '../support/office.ts'
import { ask, partnerSecret, partnersFile } from '../support/partner.ts'

type Told = { readonly headers: IncomingHttpHeaders; readonly raw: Buffer; readonly body: { id: string; version: number; stage: string; externalId: string } }
type Answer = number | 'cut' | 'lost' | 'hang'

let office: TestOffice
let platform: Server
const told: Told[] = []
/** what the partner does next; without a plan it takes all */
const plan: Answer[] = []
beforeAll(async () => {
  platform = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const raw = Buffer.concat(parts)
      const next = plan.shift() ?? 200
      const taken = next === 200 || next === 'lost'
      if (taken) told.push({ headers: request.headers, raw, body: JSON.parse(String(raw)) })
      if (next === 'cut' || next === 'lost') request.socket.destroy()
      else if (next !== 'hang') response.writeHead(next, next === 302 ? { location: '/other' } : {}).end()
    })
  })
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve))
  office = await openOffice({ PARTNERS_FILE: partnersFile(`http://127.0.0.1:${(platform.address() as AddressInfo).port}/news?from=desk`) })
})
afterAll(async () => {
  platform.closeAllConnections()
  platform.close()
  await office.close()
})

async function handed(externalId: string, facts: object = {}): Promise<string> {
  const body = JSON.stringify({ externalId, facts: { story: '不动产证不给办', ...facts } })
  await ask(office.url, { method: 'POST', path: '/api/partner/tickets', now: office.now(), body })
  const [row] = await office.shell.db.read.all<{ ticketId: string }>('SELECT "ticketId" FROM "PartnerTicket" WHERE "externalId" = ?', [externalId])
  return row?.ticketId ?? ''
}

const triage: Command = { type: 'triage', demandClass: 'bottleneck', level: 2, cause: '材料缺失', lead: 'natural', supporting: [], reason: '缺票据' }
const go = (id: string, command: Command) =>
  act(office, id, new Date(office.now() + 8 * 3_600_000 + 60_000).toISOString().slice(0, 16), command, person('王窗口', ['clerk']))
const pass = async (minutes: number): Promise<void> => {
  office.sleepTo(new Date(office.now() + minutes * 60_000).toISOString())
  await runDeliveries(office.shell)
}
const of = (externalId: string): Told[] => told.filter(({ body }) => body.externalId === externalId)

test('each step of a handed case is told once, signed as the page for partners says', async () => {
  const id = await handed('W-1')
  await go(id, triage)
  await go(id, { type: 'assign', note: '请核实' })
  await pass(2)
  await pass(2)

  const [first, second] = of('W-1')
  expect(of('W-1')).toHaveLength(2)
  expect([first?.body.stage, second?.body.stage]).toEqual(['assigned', 'assigned'])
  expect(new Set(of('W-1').map(({ body }) => body.id)).size).toBe(2)
  const header = (name: string): string => String(first?.headers[`x-bandecheng-${name}`])
  const signed = { method: 'POST', path: '/news?from=desk', timestamp: header('timestamp'), nonce: header('nonce'), body: first?.raw ?? Buffer.alloc(0) }
  expect(header('signature')).toBe(partnerSignature(signed, partnerSecret))
  expect(header('partner')).toBe('province')
})

test('while the partner fails in every way and recovers, nothing is lost, and what comes twice has one id', async () => {
  const id = await handed('W-2')
  plan.push(500, 302, 'cut', 'lost', 'hang', 429)
  await go(id, triage)
  for (const minutes of [1, 2, 3, 5, 9, 17, 33, 61]) await pass(minutes)

  expect(plan).toEqual([])
  expect(of('W-2').map(({ body }) => body.stage)).toEqual(['triaged', 'triaged'])
  expect(new Set(of('W-2').map(({ body }) => body.id)).size).toBe(1)
  expect(await office.shell.db.read.all(`SELECT id FROM "Job" WHERE kind = 'webhook' AND state <> 'done'`)).toEqual([])
}, 30_000)

test('one that was never taken is among the dead and an alarm, and an administrator sends it again', async () => {
  const admin = await office.hire('admin1', ['admin'])
  const clerk = await office.hire('clerk1', ['clerk'])
  const id = await handed('W-3')
  plan.push(...Array.from({ length: 10 }, () => 500))
  await go(id, triage)
  for (let tries = 0; tries < 10; tries++) await pass(61)
  expect(of('W-3')).toEqual([])
  const dead = await office.shell.db.read.all<{ id: number }>(`SELECT id FROM "Job" WHERE kind = 'webhook' AND state = 'dead'`)
  expect(dead).toHaveLength(1)

  expect((await clerk.post(`/webhooks/${dead[0]?.id}/replay`, {})).status).toBe(403)
  expect(JSON.stringify((await admin.get('/alarms')).body)).toContain('推送给外部系统')
  expect((await admin.post(`/webhooks/${dead[0]?.id}/replay`, {})).status).toBe(204)
  await pass(1)

  expect(of('W-3')).toHaveLength(1)
  const { body } = await admin.get<{ rows: { state: string; key: string }[] }>('/webhooks')
  expect(body.rows[0]).toMatchObject({ state: 'done', key: expect.stringContaining(id) })
})

test('of a confidential case number and stage alone leave the house', async () => {
  const id = await handed('W-4', { confidential: true, name: '张三' })
  await go(id, { ...triage, lead: 'tax' })
  await pass(2)

  expect(of('W-4').map(({ body }) => Object.keys(body).sort())).toEqual([['externalId', 'id', 'number', 'stage', 'stageText', 'version']])
})

test('cases of other channels are told to nobody', async () => {
  const jobs = () => office.shell.db.read.all<{ id: number }>(`SELECT id FROM "Job" WHERE kind = 'webhook'`)
  const clerk = await office.hire('clerk2', ['clerk'])
  const before = (await jobs()).length
  const { body } = await clerk.post<{ row: { id: string } }>('/tickets', {
    commandId: 'counter-case-1',
    channel: 'counter',
    demand: 'cannot',
    facts: { story: '不给办' },
  })
  await go(body.row.id, triage)

  expect(await jobs()).toHaveLength(before)
})
