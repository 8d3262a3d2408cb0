import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elderFaults, openSite, phone, register, type Site, say, violations } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

test('In the browser of the talk one’s own cases are listed and open without a code; in any other they do not', async () => {
  const page = await site.open('/', { viewport: phone })
  const { number } = await register(page)

  await page.goto(`${site.url}/progress`)
  await page.locator('.own', { hasText: number }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.locator('.own button').first().click()
  await page.locator('.result', { hasText: number }).waitFor()

  const stranger = await site.open()
  await say(stranger, '你好')
  await stranger.goto(`${site.url}/progress?number=${number}`)
  await stranger.locator('[name=proof]').waitFor()
  expect(await stranger.locator('.own, .result').count()).toBe(0)
  const before = site.faults.length
  expect(
    await stranger.evaluate(
      `fetch('/api/progress', { method: 'POST', headers: { 'content-type': 'application/json', 'x-bandecheng': '1' }, body: JSON.stringify({ number: ${JSON.stringify(number)} }) }).then((answer) => answer.status)`,
    ),
  ).toBe(404)
  site.faults.splice(before)
})

test('Before a unit has the case its page says in plain words where it stands and by when it will be done; in 长辈版 the number is large', async () => {
  const page = await site.open('/', { viewport: phone })
  const { number } = await register(page)
  await page.goto(`${site.url}/progress?number=${number}`)
  await page.locator('.result').waitFor()

  expect(await page.locator('.stage').innerText()).toBe('已收到，正在看该由哪个单位办')
  expect(await page.locator('dl').innerText()).toMatch(/办结期限\s*由哪个单位办定下来以后，这里写明哪天办结/)
  expect(await page.locator('.result').innerText()).not.toMatch(/研判，|待交办|待签收/)
  await page.locator('.elder-switch').click()
  expect(await page.evaluate("parseFloat(getComputedStyle(document.querySelector('.head .number')).fontSize)")).toBeGreaterThanOrEqual(28)
  expect(await elderFaults(page)).toEqual([])
})

test('What was begun to be written to the case’s official is there again after a reload, and gone once it was sent', async () => {
  const page = await site.open('/', { viewport: phone })
  const { number } = await register(page)
  await page.goto(`${site.url}/progress?number=${number}`)
  await page.fill('[name=addition]', '发票找到了')
  await page.reload()
  await page.locator('[name=addition]').waitFor()
  expect(await page.inputValue('[name=addition]')).toBe('发票找到了')

  await page.getByRole('button', { name: '发给承办人' }).click()
  await page.getByText('已经补充进去了').waitFor()
  await page.reload()
  await page.locator('[name=addition]').waitFor()
  expect(await page.inputValue('[name=addition]')).toBe('')
})

test('The page of a case is read aloud: where it stands and what comes next', async () => {
  const page = await site.open('/', { viewport: phone })
  const { number } = await register(page)
  await page
    .context()
    .addInitScript(
      'window.said = []; window.speechSynthesis.speak = (speech) => window.said.push(speech.text); window.speechSynthesis.cancel = () => undefined',
    )
  await page.goto(`${site.url}/progress?number=${number}`)
  await page.getByRole('button', { name: '读给我听' }).click()

  expect(((await page.evaluate('window.said')) as string[]).join()).toMatch(/已收到，正在看该由哪个单位办.*窗口正在看由哪个单位来办/)
  await page.getByRole('button', { name: '别读了' }).waitFor()
})

describe('What is kept of a citizen', () => {
  test('is explained before the first word about themselves is asked for', async () => {
    const page = await site.open('/', { viewport: phone })
    const line = page.getByText('只用来联系您、告诉您结果').first()
    await line.waitFor()
    expect(await line.isVisible()).toBe(true)
    expect(await page.locator('.message').count()).toBe(0)
  })

  test('goes along to another device by a code, is corrected there, and deleted', async () => {
    const page = await site.open('/', { viewport: phone })
    await register(page)
    await page.goto(`${site.url}/privacy`)
    await page.getByRole('button', { name: '取一个码' }).click()
    const code = await page.locator('.code').innerText()

    const other = await site.open('/privacy', { viewport: phone })
    await other.fill('[name=code]', code)
    await other.getByRole('button', { name: '接着聊' }).click()
    await other.locator('.message.citizen', { hasText: '我叫王芳' }).waitFor()
    await other.goto(`${site.url}/privacy`)
    await other.fill('[name=phone]', '13900001111')
    await other.getByRole('button', { name: '改好了，保存' }).click()
    await other.locator('.mine', { hasText: '13900001111' }).waitFor()

    await other.getByRole('button', { name: '删除我的对话' }).click()
    await other.getByRole('button', { name: '确定删除' }).click()
    await other.locator('.thanks').waitFor()
    await other.goto(site.url)
    await other.locator('.welcome').waitFor()
    expect(await other.locator('.message').count()).toBe(0)
  })
})

test('What was refused is said, and goes out when it is sent again', async () => {
  const page = await site.open('/', { viewport: phone })
  await page.locator('.welcome').waitFor()
  await page.evaluate(
    "localStorage.setItem('bandecheng.unsent', JSON.stringify([{ type: 'say', key: 'kept-from-before', content: { kind: 'text', text: '低保停了怎么办' }, at: Date.now(), failed: true }]))",
  )
  await page.reload()
  await page.getByRole('button', { name: '重发' }).click()

  await page.locator('.message.citizen', { hasText: '低保停了怎么办' }).getByText('已送达').waitFor()
  expect(await page.locator('.message.citizen', { hasText: '低保停了怎么办' }).count()).toBe(1)
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
