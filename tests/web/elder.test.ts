import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elderFaults, openSite, phone, register, type Site, screen, violations } from './browser.ts'

let site: Site
let proof: { readonly number: string; readonly code: string }
beforeAll(async () => {
  site = await openSite()
  proof = await register(await site.open())
})
afterAll(() => site.close())

/** Every page that a citizen comes to, and what must be done to see all of it. */
const pages: readonly [string, string, (page: Page) => Promise<unknown>][] = [
  ['the chat', '/', (page) => page.locator('.welcome').waitFor()],
  ['the widget', '/widget', (page) => page.locator('.panel-bar').waitFor()],
  ['the question for a case', '/progress', (page) => page.locator('form').waitFor()],
  [
    'the case',
    '/progress',
    async (page) => {
      await page.fill('[name=number]', proof.number)
      await page.fill('[name=proof]', proof.code)
      await page.click('button[type=submit]')
      await page.locator('.trail').waitFor()
      await page.getByRole('button', { name: '撤回' }).click()
    },
  ],
  ['what is kept of one', '/privacy', (page) => page.locator('.mine').waitFor()],
  ['公示', '/public', (page) => page.locator('.limits').waitFor()],
]

describe.each(pages)('%s', (_name, path, see) => {
  test('has nothing that axe-core finds wrong, in both versions, on a phone and on a screen', async () => {
    const found: string[] = []
    for (const viewport of [phone, screen]) {
      const page = await site.open(path, { viewport })
      await see(page)
      found.push(...(await violations(page)))
      await page.locator('.elder-switch').click()
      found.push(...(await violations(page)))
    }
    expect(found).toEqual([])
  })

  test('keeps 长辈版: 18 to 30 points, targets of 60 pixels, nothing beyond the edge, nothing that pops up', async () => {
    const page = await site.open(path, { viewport: phone })
    const popped: string[] = []
    page.on('dialog', (dialog) => {
      popped.push(dialog.message())
      void dialog.dismiss()
    })
    page.context().on('page', (one) => popped.push(one.url()))
    await see(page)
    await page.locator('.elder-switch').click()

    for (const size of [24, 32, 40]) {
      expect(await elderFaults(page, size), String(size)).toEqual([])
      if (size < 40) await page.getByRole('button', { name: '字大' }).click()
    }
    expect(popped).toEqual([])
    expect(await page.locator('dialog, [role=dialog], [aria-modal]').count()).toBe(0)
  })

  test('is walked through by keyboard alone, with a mark on what has the focus', async () => {
    const page = await site.open(path, { viewport: screen })
    await see(page)
    await page.evaluate('document.activeElement?.blur()')
    const seen = new Set<string>()
    for (let steps = 0; steps < 80; steps++) {
      await page.keyboard.press('Tab')
      const at = (await page.evaluate(
        `(() => { const one = document.activeElement; const look = getComputedStyle(one); return one === document.body ? '' : [...document.querySelectorAll('*')].indexOf(one) + ' ' + (look.outlineStyle !== 'none') })()`,
      )) as string
      if (at) seen.add(at)
    }
    const reachable = (await page.evaluate(
      `[...document.querySelectorAll('a[href], button:not(:disabled), textarea, input:not([type=file], [type=radio]), summary')].filter((one) => one.checkVisibility() && one.tabIndex >= 0).map((one) => String([...document.querySelectorAll('*')].indexOf(one)))`,
    )) as string[]

    const reached = new Set([...seen].map((one) => one.split(' ')[0]))
    expect(reachable.filter((one) => !reached.has(one))).toEqual([])
    expect([...seen].filter((one) => one.endsWith('false'))).toEqual([])
  })
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
