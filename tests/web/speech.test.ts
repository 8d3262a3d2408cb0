import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSite, phone, type Site, say, violations } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

/** The page in a browser whose own interface for speech is the one that `script` sets up before the page runs. */
async function openWith(script: string): Promise<Page> {
  const context = await site.browser.newContext({ locale: 'zh-CN', viewport: phone })
  await context.addInitScript(script)
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(site.url)
  await page.locator('#say').waitFor()
  return page
}

const speak = '按一下，说话'
const none = `for (const name of ['SpeechRecognition', 'webkitSpeechRecognition', 'speechSynthesis']) delete window[name]`
/** What the browser hears comes bit by bit, and in the end as a whole. */
const hears = `
  delete window.SpeechRecognition
  window.webkitSpeechRecognition = class {
    start() {
      window.language = this.lang
      const say = (transcript) => this.onresult({ results: [[{ transcript }]] })
      setTimeout(() => say('我想'), 10)
      setTimeout(() => { say('我想开个小吃店'); this.onend() }, 20)
    }
    stop() { this.onend() }
  }`
const deaf = `
  delete window.SpeechRecognition
  window.webkitSpeechRecognition = class {
    start() { setTimeout(() => { this.onerror({ error: 'not-allowed' }); this.onend() }, 10) }
    stop() {}
  }`
const speaks = `
  window.spoken = []
  Object.defineProperty(window, 'speechSynthesis', { value: {
    speak(one) { window.spoken.push([one.lang, one.text]); window.last = one },
    cancel() { window.spoken.push('stopped') },
  } })`

describe('Where the browser', () => {
  test('can neither listen nor speak, no button promises it', async () => {
    const page = await openWith(none)
    await say(page, '我想开个小吃店，执照在哪儿办？')

    expect(await page.getByRole('button', { name: speak }).count()).toBe(0)
    expect(await page.locator('.mic').count()).toBe(1)
    expect(await page.locator('.read').count()).toBe(0)
    await page.context().close()
  })

  test('can listen, what it hears is added to the draft, and is sent only when the citizen sends it', async () => {
    const page = await openWith(hears)
    await page.fill('#say', '您好，')
    await page.getByRole('button', { name: speak }).click()

    await expect.poll(() => page.inputValue('#say')).toBe('您好，我想开个小吃店')
    expect(await page.evaluate('window.language')).toBe('zh-CN')
    expect(await page.locator('.message').count()).toBe(0)
    await page.keyboard.press('Tab')
    await page.locator('.send').click()
    await page.locator('.message.citizen', { hasText: '您好，我想开个小吃店' }).waitFor()
    await page.context().close()
  })

  test('may not listen, the citizen reads so and goes on typing', async () => {
    const page = await openWith(deaf)
    await page.getByRole('button', { name: speak }).click()

    await page.locator('.unheard').waitFor()
    expect(await page.locator('.unheard').innerText()).toContain('打字')
    expect(await violations(page)).toEqual([])
    await say(page, '我想开个小吃店，执照在哪儿办？')
    await page.context().close()
  })

  test('can speak, an answer and its card are read out in Chinese, and a second tap stops it', async () => {
    const page = await openWith(speaks)
    await say(page, '我想开个小吃店，执照在哪儿办？')
    const button = page.locator('.message.bot .read').first()

    await button.click()

    const [, spoken] = (await page.evaluate('window.spoken')) as [string, [string, string]]
    expect(spoken[0]).toBe('zh-CN')
    expect(spoken[1]).toContain(await page.locator('.card h2').first().innerText())
    expect(await button.innerText()).toBe('别读了')
    await button.click()
    expect(await button.innerText()).toBe('读给我听')
    expect(await page.evaluate('window.spoken.at(-1)')).toBe('stopped')
    await page.context().close()
  })
})
