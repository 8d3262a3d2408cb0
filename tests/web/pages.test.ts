import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { logIn } from '../support/staff.ts'
import { openSite, phone, register, type Site, say, screen, violations } from './browser.ts'

const citizens = ['index.html', 'progress.html', 'privacy.html', 'public.html', 'outside.html'] as const

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

async function hired(account: string, roles: readonly string[]) {
  const { body } = await site.administrator.post<{ password: string }>('/people', { account, name: account, roles })
  return logIn(site.url, account, body.password)
}

describe('axe-core finds nothing wrong', () => {
  for (const [name, viewport] of [
    ['on a phone', phone],
    ['on a screen', screen],
  ] as const) {
    test(`with the chat, in both versions, ${name}`, async () => {
      const page = await site.open('/', { viewport })
      const found = await violations(page)
      await say(page, '我想开个小吃店，执照在哪儿办？')
      found.push(...(await violations(page)))
      await page.locator('.elder-switch').click()
      found.push(...(await violations(page)))
      expect(found).toEqual([])
    })

    test(`with the progress page, in both versions, ${name}`, async () => {
      const { number, code } = await register(await site.open())
      const page = await site.open(`/progress?number=${number}`, { viewport })
      const found = await violations(page)
      await page.fill('[name=proof]', code)
      await page.click('button[type=submit]')
      await page.locator('.result').waitFor()
      found.push(...(await violations(page)))
      await page.locator('.elder-switch').click()
      found.push(...(await violations(page)))
      expect(found).toEqual([])
    })
  }

  test('with the page behind an outside link, on a phone and on a screen, before and after the answer', async () => {
    const lead = await hired('outsider-lead', ['clerk', 'lead'])
    const told = { commandId: randomUUID(), channel: 'counter', demand: 'cannot', facts: { matter: '外资注册', story: '外方股东资金进不来' } }
    const { body: made } = await lead.post<{ row: { id: string } }>('/tickets', told)
    await lead.command(made.row.id, { type: 'raise', level: 3, reason: '超出本级' })
    const link = { commandId: randomUUID(), unit: '省商务厅', question: '股东身份能否远程认证？' }
    const { body } = await lead.post<{ address: string }>(`/tickets/${made.row.id}/links`, link)
    const page = await site.open(new URL(body.address, site.url).pathname + new URL(body.address, site.url).hash, { viewport: phone })
    await page.locator('textarea').waitFor()
    const found = await violations(page)
    await page.setViewportSize(screen)
    found.push(...(await violations(page)))
    await page.locator('input').first().fill('王处长')
    await page.locator('textarea').fill('可以远程认证')
    await page.locator('button[type=submit]').click()
    await page.locator('textarea').waitFor({ state: 'detached' })
    found.push(...(await violations(page)))
    expect(found).toEqual([])
  })

  test('with every page of the console, on a screen and on a phone', async () => {
    const citizen = await site.open()
    const { number } = await register(citizen)
    await citizen.locator('.quick').getByText('转人工').click()
    const found = await violations(await site.open('/console/login'))
    const page = await site.staff('郭', ['clerk', 'admin', 'director'])
    for (const path of [
      '',
      '/conversations',
      '/tickets',
      '/intake',
      '/overview',
      '/screen',
      '/texts',
      '/missed',
      '/guides',
      '/documents',
      '/improvements',
      '/account',
      '/ledgers',
      '/policy',
      '/calendar',
      '/departments',
      '/people',
      '/audit',
      '/dead',
      '/health',
      '/password',
    ]) {
      await page.goto(`${site.url}/console${path}`)
      await page.locator('main h1, main .pick').first().waitFor()
      await page.waitForLoadState('networkidle')
      for (const size of [phone, screen]) {
        await page.setViewportSize(size)
        found.push(...(await violations(page)))
      }
    }
    await page.goto(`${site.url}/console/conversations`)
    await page.locator('.inbox .cards a').first().click()
    await page.getByText('接过来', { exact: true }).click()
    await page.locator('.answer').waitFor()
    found.push(...(await violations(page)))
    await page.goto(`${site.url}/console/tickets`)
    await page.getByRole('link', { name: number }).click()
    await page.locator('[data-command=triage]').click()
    await page.locator('.command').waitFor()
    found.push(...(await violations(page)))
    expect(found).toEqual([])
    // Thirty pages in two sizes: a busy machine needs more than the usual minute.
  }, 180_000)
})

test('Nothing was asked of another host and no page had an error', () => {
  expect(site.faults).toEqual([])
})

describe("The citizen's pages", () => {
  const scriptsOf = (html: string) =>
    [...readFileSync(`dist/web/${html}`, 'utf8').matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map(([, path]) => `dist/web${path}`)

  test('load at most 45 KB of script, gzipped', () => {
    for (const html of citizens) {
      const bytes = scriptsOf(html).reduce((sum, file) => sum + gzipSync(readFileSync(file)).byteLength, 0)
      expect(bytes).toBeGreaterThan(10_000)
      expect(bytes).toBeLessThanOrEqual(45 * 1024)
    }
  })

  test('use no syntax that the browsers of 2018 refuse to read', () => {
    for (const file of citizens.flatMap(scriptsOf)) {
      // Optional chaining, nullish coalescing and look-behind stop a whole script on such a phone.
      expect(readFileSync(file, 'utf8')).not.toMatch(/\?\.[a-zA-Z_[(]|\?\?|\(\?<[=!]/)
    }
  })

  test('name no other host in any style, page or script that is loaded', () => {
    for (const file of readdirSync('dist/web/assets').filter((name) => name.endsWith('.css'))) {
      expect(readFileSync(`dist/web/assets/${file}`, 'utf8')).not.toMatch(/url\(["']?(https?:)?\/\//)
    }
    for (const html of [...citizens, 'console.html']) expect(readFileSync(`dist/web/${html}`, 'utf8')).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  test('come compressed, pages are asked for anew each time, and what has its digest in its name never again', async () => {
    const [script = ''] = scriptsOf('index.html')
    for (const encoding of ['br', 'gzip']) {
      const headers = { 'accept-encoding': encoding }
      const page = await fetch(site.url, { headers })
      const asset = await fetch(site.url + script.replace('dist/web', ''), { headers })
      expect([page.headers.get('content-encoding'), page.headers.get('cache-control')]).toEqual([encoding, 'no-cache'])
      expect([asset.headers.get('content-encoding'), asset.headers.get('cache-control')]).toEqual([encoding, 'public, max-age=31536000, immutable'])
    }
  })

  test('run under a policy that forbids inline scripts', async () => {
    const answer = await fetch(site.url)
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await answer.text()).not.toMatch(/<script(?![^>]*\ssrc=)/)
  })
})
