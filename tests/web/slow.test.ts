import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, phone, type Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

/** Slow 3G: 400 kbit/s, 400 ms there and back. */
const line = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }

test('On slow 3G the chat takes the first words within two seconds, and they are answered when the line has carried them', async () => {
  const page = await site.open('/progress', { viewport: phone })
  const wire = await page.context().newCDPSession(page)
  await wire.send('Network.enable')
  await wire.send('Network.clearBrowserCache')
  await wire.send('Network.setCacheDisabled', { cacheDisabled: true })
  await wire.send('Network.emulateNetworkConditions', line)
  await page.addInitScript(
    `new MutationObserver(() => { const box = document.getElementById('say'); if (box && !box.disabled && window.usableAt === undefined) window.usableAt = performance.now() }).observe(document, { childList: true, subtree: true })`,
  )

  await page.goto(site.url, { waitUntil: 'commit' })
  await page.locator('#say').fill('你好')
  const usableMs = (await page.evaluate('window.usableAt')) as number
  await page.keyboard.press('Enter')
  await page.locator('.message.bot').first().waitFor()

  console.info(`usable after ${Math.round(usableMs)} ms on slow 3G`)
  expect(usableMs).toBeLessThanOrEqual(2_000)
})
