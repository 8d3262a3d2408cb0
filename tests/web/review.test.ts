import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, type Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const story = '去不动产中心办房产证，说缺契税票据，跑了三趟还是不给办'

test('A clerk is shown the case that is there, adds to it, and a leader makes an improvement of what comes again and again', async () => {
  const page = await site.staff('王窗口', ['clerk', 'lead'])
  const fill = async (phone: string, text: string): Promise<void> => {
    await page.fill('form.intake [name=phone]', phone)
    await page.fill('form.intake [name=matter]', '房产证')
    await page.fill('form.intake [name=story]', text)
  }
  for (const phone of ['13800001111', '13900002222']) {
    await page.goto(`${site.url}/console/intake`)
    await fill(phone, story)
    await page.click('form.intake button[type=submit]')
    await page.locator('.receipt').waitFor()
  }

  await page.goto(`${site.url}/console/intake`)
  await fill('13800001111', `${story}，又去了一趟`)
  await page.getByText('可能是同一件事').waitFor()
  await page.getByRole('button', { name: '加到这件' }).first().click()
  await page.getByText('请告知反映人用原来的编号').waitFor()

  await page.goto(`${site.url}/console/tickets`)
  await page.locator('table a').first().click()
  await page.getByRole('button', { name: '并入这件' }).waitFor()

  await page.goto(`${site.url}/console/improvements`)
  await page.getByRole('button', { name: '查同类问题' }).click()
  await page.getByRole('button', { name: '立项改进' }).click()
  await page.fill('[name=title]', '契税票据线上补开')
  await page.fill('[name=measure]', '与税务共享票据信息')
  await page.selectOption('[name=owner]', 'tax')
  await page.click('form.command button.primary')
  await page.getByRole('heading', { name: '契税票据线上补开' }).waitFor()

  expect(site.faults).toEqual([])
})
