import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runDeliveries } from '../../api/workers/deliveries.ts'
import { openGateway } from '../support/gateway.ts'
import { openOffice } from '../support/office.ts'

const secret = 'a-long-secret-for-the-gateway'
const phone = '13835700001'

test.each([
  [['203.0.113.7'], 403],
  [['203.0.113.7', '127.0.0.0/8'], 200],
])('with the addresses %j in the settings a push from this machine is answered with %i', async (from, status) => {
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  writeFileSync(join(folder, 'c.yaml'), JSON.stringify({ sms: { secret, from, byHand: true } }))
  const office = await openOffice({ CHANNELS_FILE: join(folder, 'c.yaml') })
  const body = JSON.stringify([{ phone_number: phone, content: '您好', sequence_id: 1 }])
  const answer = await fetch(`${office.url}/api/channels/sms/${secret}`, { method: 'POST', body })

  expect(answer.status).toBe(status)
  await office.close()
  rmSync(folder, { recursive: true })
})

test('behind a proxy the address that it has seen counts, and not one that the sender has written in front of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  writeFileSync(join(folder, 'c.yaml'), JSON.stringify({ sms: { secret, from: ['203.0.113.7'], byHand: true } }))
  const office = await openOffice({ CHANNELS_FILE: join(folder, 'c.yaml'), TRUST_PROXY: '1' })
  const push = async (forwarded: string) => {
    const body = JSON.stringify([{ phone_number: phone, content: '您好', sequence_id: 1 }])
    return (await fetch(`${office.url}/api/channels/sms/${secret}`, { method: 'POST', body, headers: { 'x-forwarded-for': forwarded } })).status
  }

  expect(await push('198.51.100.9, 203.0.113.7')).toBe(200)
  expect(await push('203.0.113.7, 198.51.100.9')).toBe(403)
  await office.close()
  rmSync(folder, { recursive: true })
})

test('a citizen has a case by text message, pushed twice and answered through a gateway that loses its answer, and nothing is doubled', async () => {
  const gateway = await openGateway()
  const folder = mkdtempSync(join(tmpdir(), 'bandecheng-test-'))
  const file = join(folder, 'channels.yaml')
  writeFileSync(file, JSON.stringify({ sms: { secret, gateway: gateway.settings } }))
  const office = await openOffice({ CHANNELS_FILE: file })
  const push = (id: number, content: string) =>
    fetch(`${office.url}/api/channels/sms/${secret}`, { method: 'POST', body: JSON.stringify([{ phone_number: phone, content, sequence_id: id }]) })
  const deliver = async (): Promise<void> => {
    office.sleepTo(new Date(office.now() + 61_000).toISOString())
    await runDeliveries(office.shell)
  }

  const acks = [await push(1, '我办不动产证跑了三趟了还是不给办，说缺契税发票'), await push(1, '我办不动产证跑了三趟了还是不给办，说缺契税发票')]
  await deliver()
  await deliver()
  await push(2, `我叫刘芳，电话${phone}`)
  await deliver()

  expect(await Promise.all(acks.map((ack) => ack.json()))).toEqual([
    { code: 0, msg: '接收成功' },
    { code: 0, msg: '接收成功' },
  ])
  expect([...gateway.taken.values()].join('\n')).toMatch(/\d{4}-\d{8}-\d{4}-\d/)
  expect(gateway.calls()).toBe(gateway.taken.size + 1)
  expect(await office.shell.db.read.all('SELECT id FROM "Ticket"')).toHaveLength(1)
  expect(await office.shell.db.read.all(`SELECT id FROM "Job" WHERE kind = 'deliver' AND state <> 'done'`)).toEqual([])
  await office.close()
  gateway.close()
  rmSync(folder, { recursive: true })
})
