import { afterAll, beforeAll, expect, test } from 'vitest'
import { paper, photo } from '../support/files.ts'
import { openSite, phone, register, type Site, say, violations } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const picked = async (name = '收据.jpg') => ({ name, mimeType: 'image/jpeg', buffer: await photo(800, 600) })

test('A photo is shown before it is sent, then stands in the talk, is answered, and is there again after a reload', async () => {
  const page = await site.open('/', { viewport: phone })
  await say(page, '跑了三趟了还是不给办')

  await page.setInputFiles('input[type=file]', await picked())
  await page.locator('.attach img').waitFor()
  expect(await page.locator('.message .file').count()).toBe(0)
  expect(await violations(page)).toEqual([])
  await page.locator('.attach .button').click()

  await page.locator('.message.citizen .file img').waitFor()
  await page.locator('.message.bot', { hasText: '图片收到了' }).waitFor()
  expect(await violations(page)).toEqual([])
  await page.reload()
  await page.locator('.message.citizen .file img').waitFor()
  const image = `document.querySelector('.message.citizen .file img')`
  const width = await page.evaluate(
    `new Promise((done) => { const look = () => (${image}.naturalWidth ? done(${image}.naturalWidth) : requestAnimationFrame(look)); look() })`,
  )
  // It lay on its side.
  expect(width).toBe(600)
})

test('What is refused says why in plain words, and is not sent again by itself', async () => {
  const faults = site.faults.length
  const page = await site.open('/', { viewport: phone })
  await page.setInputFiles('input[type=file]', { name: 'a.pdf', mimeType: 'application/pdf', buffer: paper('/OpenAction<</S/JavaScript/JS(1)>>') })
  await page.locator('.attach .button').click()

  await page.getByText('带了程序').waitFor()
  await page.getByRole('button', { name: '不发了' }).click()

  expect(await page.locator('.message').count()).toBe(0)
  expect(site.faults.splice(faults)).toHaveLength(1)
})

test('A photo that is sent while the network is gone survives a reload, and arrives once when the network is back', async () => {
  const faults = site.faults.length
  const page = await site.open('/', { viewport: phone })
  await say(page, '你好')
  await page.context().setOffline(true)
  await page.locator('.status.down').waitFor()
  await page.setInputFiles('input[type=file]', await picked('断网照片.jpg'))
  await page.locator('.attach .button').click()
  await page.getByText('没发出').waitFor()

  await page.context().setOffline(false)
  await page.reload()

  await page.locator('.message.citizen .file img').waitFor()
  await page.reload()
  await page.locator('.message.citizen .file img').waitFor()
  expect(await page.locator('.message.citizen .file').count()).toBe(1)
  site.faults.splice(faults)
})

test('The clerk sees it in the conversation and with the case', async () => {
  const citizen = await site.open()
  await register(citizen)
  await citizen.setInputFiles('input[type=file]', { name: '购房发票.pdf', mimeType: 'application/pdf', buffer: paper() })
  await citizen.locator('.attach .button').click()
  await citizen.locator('.message.bot', { hasText: '放在一起' }).waitFor()
  const [ticket] = (await site.administrator.tickets()).slice(-1)

  const page = await site.staff('郭', ['clerk'])
  await page.goto(`${site.url}/console/tickets/${ticket?.id}`)

  await page.locator('.papers .file', { hasText: '购房发票.pdf' }).getByRole('button', { name: '打开' }).waitFor()
})

test('A clerk adds a scan to a case, which says who added it, and sends a picture in the talk, which the citizen sees', async () => {
  const citizen = await site.open('/', { viewport: phone })
  await say(citizen, '转人工')
  const page = await site.staff('王敏', ['clerk'])
  await page.goto(`${site.url}/console/tickets`)
  await page.locator('tbody .number a').first().click()
  await page.setInputFiles('.papers input[type=file]', { name: '复函.pdf', mimeType: 'application/pdf', buffer: paper() })
  await page.locator('.papers .files > div', { hasText: '复函.pdf' }).getByText('王敏加的').waitFor()

  await page.goto(`${site.url}/console/conversations`)
  await page.getByRole('button', { name: '等人接', exact: true }).click()
  await page.locator('.inbox .cards a').first().click()
  await page.getByText('接过来', { exact: true }).click()
  await page.setInputFiles('.answer input[type=file]', await picked('样表.jpg'))
  await page.locator('.talk article.staff .file', { hasText: '样表.jpg' }).waitFor()
  expect(await violations(page)).toEqual([])

  await citizen.locator('.message.staff .file img').waitFor()
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
