import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elderFaults, openSite, phone, register, type Site, say } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

describe('A citizen in the chat', () => {
  test('who asks where to get a licence sees the guide, folded, with its source', async () => {
    const page = await site.open()

    await say(page, '我想开个小吃店，执照在哪儿办？')

    const card = page.locator('.card')
    expect(await card.locator('h2').innerText()).toMatch(/登记|执照/)
    expect(await card.locator('details').count()).toBeGreaterThan(5)
    const materials = card.locator('details', { hasText: '要带' })
    expect(await materials.getAttribute('open')).toBeNull()
    await materials.locator('summary').click()
    expect(await materials.locator('li, p').first().isVisible()).toBe(true)
    expect(await card.locator('.note').innerText()).toContain('确认')
  })

  test('who taps an offered choice has said it, and old choices go away', async () => {
    const page = await site.open()
    await say(page, '我想开个小吃店，执照在哪儿办？')
    const choice = page.locator('.choices button').first()
    const text = await choice.innerText()

    await choice.click()

    await page.locator('.message.citizen .bubble', { hasText: text }).waitFor()
    await page.locator('.message.citizen').last().getByText('已送达').waitFor()
    expect(await page.locator('.message.citizen').first().locator('xpath=following-sibling::*[1]').locator('.choices').count()).toBe(0)
  })

  test('is told how the data are used before saying a word', async () => {
    const page = await site.open('/', { viewport: phone })

    expect(await page.locator('.privacy').innerText()).toContain('电话')
    await page.locator('.privacy summary').click()
    expect(await page.locator('.privacy li').first().isVisible()).toBe(true)
  })

  test('whose case was registered finds it from another browser by number and code, and by number and phone', async () => {
    const page = await site.open('/', { viewport: phone })
    const { number, code } = await register(page)
    expect(number).not.toBe('')

    const other = await site.open(`/progress?number=${number}`)
    await other.fill('[name=proof]', code)
    await other.click('button[type=submit]')
    expect(await other.locator('.stage').innerText()).toContain('已收到')
    expect(await other.locator('.steps li.done').count()).toBe(1)

    await other.getByText('查另一件').click()
    await other.fill('[name=number]', number.replace(/-/g, ''))
    await other.fill('[name=proof]', '138 1234 5678')
    await other.click('button[type=submit]')
    expect(await other.locator('.head .number').innerText()).toBe(number)
  })

  test('who has only a number learns nothing', async () => {
    const page = await site.open('/', { viewport: phone })
    const { number } = await register(page)
    const faults = site.faults.length

    const other = await site.open(`/progress?number=${number}`)
    await other.fill('[name=proof]', '000000')
    await other.click('button[type=submit]')

    expect(await other.locator('[role=alert]').innerText()).toContain('没有查到')
    // The refused request is the one fault that the browser notes.
    expect(site.faults.splice(faults)).toHaveLength(1)
  })

  test('finds the talk and the unsent words again after a reload', async () => {
    const page = await site.open()
    await say(page, '你好')
    await page.fill('#say', '我还没说完')

    await page.reload()

    await page.locator('.message.citizen .bubble', { hasText: '你好' }).waitFor()
    expect(await page.inputValue('#say')).toBe('我还没说完')
  })

  test('can do it all by keyboard', async () => {
    const page = await site.open()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    await page.keyboard.press('Enter')
    await page.keyboard.type('我想开个小吃店，执照在哪儿办？')
    await page.keyboard.press('Enter')
    const fold = page.locator('.card summary').nth(1)
    await fold.waitFor()

    await fold.focus()
    await page.keyboard.press('Enter')

    expect(await page.locator('.card details').nth(1).getAttribute('open')).not.toBeNull()
  })
})

describe('A network that fails', () => {
  test('keeps what is said meanwhile and delivers it once when it is back', async () => {
    const page = await site.open()
    await say(page, '你好')
    await page.context().setOffline(true)
    await page.locator('.status.down').waitFor()

    await page.fill('#say', '断网时说的话')
    await page.keyboard.press('Enter')
    await page.getByText('没发出').waitFor()
    await page.context().setOffline(false)

    await page.locator('.message.citizen').last().getByText('已送达').waitFor()
    await page.reload()
    await page.locator('.message.citizen .bubble', { hasText: '断网时说的话' }).waitFor()
    expect(await page.locator('.message.citizen .bubble', { hasText: '断网时说的话' }).count()).toBe(1)
    site.faults.splice(0, Number.POSITIVE_INFINITY, ...site.faults.filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED')))
  })

  test('that loses an answer on the way has it fetched, in its place', async () => {
    const page = await site.open('/progress')
    let lost = 0
    await page.routeWebSocket('**/api/chat', (socket) => {
      const server = socket.connectToServer()
      server.onMessage((frame) => {
        if (lost === 0 && String(frame).includes('"author":"bot"')) lost += 1
        else socket.send(frame)
      })
    })
    await page.goto(site.url)
    await page.fill('#say', '我想开个小吃店，执照在哪儿办？')
    await page.keyboard.press('Enter')
    await page.getByText('已送达').waitFor()
    expect(await page.locator('.message.bot').count()).toBe(0)

    await page.fill('#say', '你好')
    await page.keyboard.press('Enter')

    await page.locator('.message.bot').nth(1).waitFor()
    expect(lost).toBe(1)
    const authors = await page.locator('.message').evaluateAll((all) => all.map((one) => one.className.split(' ')[1]))
    expect(authors.slice(0, 2)).toEqual(['citizen', 'bot'])
    expect(authors.at(-1)).toBe('bot')
  })

  test('keeps it also while the server is down, and delivers it once when that is up again', async () => {
    const page = await site.open()
    await say(page, '你好')
    await site.server.kill()
    await page.locator('.status.down').waitFor()
    await page.fill('#say', '服务器停了时说的话')
    await page.keyboard.press('Enter')
    await page.getByText('没发出').waitFor()

    await site.server.restart()

    await page.locator('.message.citizen').last().getByText('已送达').waitFor({ timeout: 40_000 })
    await page.reload()
    await page.locator('.message.citizen .bubble', { hasText: '服务器停了时说的话' }).waitFor()
    expect(await page.locator('.message.citizen .bubble', { hasText: '服务器停了时说的话' }).count()).toBe(1)
    site.faults.splice(0, Number.POSITIVE_INFINITY, ...site.faults.filter((fault) => !/ERR_CONNECTION|WebSocket/.test(fault)))
  })
})

describe('长辈版', () => {
  test('shows everything at 18 to 30 points with targets of 60 pixels, and is remembered', async () => {
    const page = await site.open('/', { viewport: phone })
    await say(page, '我想开个小吃店，执照在哪儿办？')

    await page.getByText('长辈版').click()

    for (const size of [24, 32, 40]) {
      expect(await elderFaults(page, size)).toEqual([])
      if (size < 40) await page.getByText('字大').click()
    }
    await page.reload()
    expect(await elderFaults(page, 40)).toEqual([])
    await page.getByText('标准版').click()
    expect(await page.evaluate('getComputedStyle(document.documentElement).fontSize')).toBe('16px')
  })
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
