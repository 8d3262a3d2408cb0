import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createChatClient } from '../support/chat.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { createStaffClient, testPassword } from '../support/staff.ts'

// Unpacked where no folder above has a node_modules: what the archive lacks is missed.
let place: string
let server: RunningServer
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'bandecheng_test_bundle-'))
  execFileSync(process.execPath, ['tools/bundle.mjs', '--without-node'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const archive = readdirSync('bundle').find((name) => name.endsWith('.tar.gz')) ?? ''
  execFileSync('tar', ['-xzf', join('bundle', archive), '-C', place, '--strip-components=1'])
  server = await startServer({}, place)
}, 120_000)
afterAll(async () => {
  await server.remove()
  rmSync(place, { recursive: true, force: true })
})

test('the archive alone runs the desk: pages, chat, login, case, ledger, paper', async () => {
  const citizen = createChatClient(server.url)
  await citizen.connect()
  await citizen.say('身份证丢了怎么补办')
  const answer = await citizen.wait((one) => one.author === 'bot')
  expect(JSON.stringify(answer)).toContain('身份证')
  citizen.drop()

  const staff = createStaffClient(server.url)
  const { account = '', password = '' } = server.administrator ?? {}
  await staff.login(account, password)
  await staff.post('/password', { current: password, next: testPassword })
  const { body } = await staff.post<{ row: { id: string } }>('/tickets', {
    commandId: randomUUID(),
    channel: 'counter',
    demand: 'cannot',
    facts: { name: '张三', phone: '13800000000', matter: '营业执照', story: '提交不了' },
  })
  const headers = { cookie: staff.cookie() }
  const opened = async (path: string) => (await fetch(`${server.url}${path}`, { headers })).status

  expect(await opened('/')).toBe(200)
  expect(await opened('/console')).toBe(200)
  expect(await opened('/api/staff/ledgers/intake.xlsx')).toBe(200)
  expect(await opened(`/api/staff/tickets/${body.row.id}/papers/receipt`)).toBe(200)
})

test('the archive brings its commands, its settings, its list of parts and no development tools', async () => {
  expect(readdirSync(place)).toEqual(expect.arrayContaining(['.env.example', 'deploy', 'docs', 'package.json', 'sbom.json']))
  expect(readdirSync(join(place, 'node_modules'))).not.toEqual(expect.arrayContaining(['typescript']))
  const megabytes = Number(execFileSync('du', ['-sm', place], { encoding: 'utf8' }).split('\t')[0])
  expect(megabytes).toBeLessThan(400)
})
