import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSite, register, type Site } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

test('A ledger is read for a past day, of one department, in full only with a reason, and printed', async () => {
  await register(await site.open())
  const page = await site.staff('严督', ['supervisor'])
  await page.getByRole('link', { name: '台账月报' }).click()
  await page.locator('.ledger tbody tr').first().waitFor()
  // In the order in which the office keeps its books.
  expect(await page.locator('.tabs button').allInnerTexts()).toEqual([
    '工作台账登记簿',
    '工单受理登记簿',
    '电话回访登记簿',
    '协调帮办登记簿',
    '督办单',
    '督办台账登记簿',
  ])
  await page.getByRole('button', { name: '工单受理登记簿' }).click()
  expect(await page.locator('.ledger').innerText()).not.toContain('13812345678')

  await page.getByRole('button', { name: '显示完整姓名电话' }).click()
  await page.locator('.el-message-box input').fill('核对纸质登记簿')
  await page.locator('.el-message-box__btns .el-button--primary').click()
  await page.locator('.ledger', { hasText: '13812345678' }).waitFor()
  await page.getByRole('button', { name: '恢复脱敏' }).click()
  await page.locator('.ledger', { hasText: '138****5678' }).waitFor()

  await page.fill('[name=on]', '2020-01-01')
  await page.getByRole('button', { name: '查看' }).click()
  await page.getByText('这个范围里没有记录').waitFor()

  const [sheet] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: '打印' }).click()])
  await sheet.waitForLoadState()
  // Its own style is let through, so that it looks like a paper.
  expect(await sheet.evaluate("getComputedStyle(document.querySelector('h1')).textAlign")).toBe('center')
})

test('An edit of the rules is explained, kept, and put over what somebody else has changed meanwhile only after both were shown', async () => {
  const [one, two] = [await site.staff('钱主任', ['director']), await site.staff('孙主任', ['director'])]
  for (const page of [one, two]) {
    await page.getByRole('link', { name: '设置' }).click()
    await page.locator('.rule').first().waitFor()
  }
  await two.fill('[name="callback.attempts"]', '5')
  await two.locator('.bar').waitFor()

  await one.fill('[name="extension.times"]', '2')
  await one.keyboard.press('Tab')
  await one.getByRole('button', { name: '保存' }).click()
  await one.locator('.versions', { hasText: '最多延期几次' }).waitFor()
  const before = site.faults.length
  await two.getByRole('button', { name: '保存' }).click()
  await two.getByText('钱主任已经改过规则').waitFor()
  site.faults.splice(before)
  await two.getByRole('button', { name: '保存' }).click()
  await two.locator('.versions', { hasText: '最多打几次' }).waitFor()

  // Both edits are in force.
  expect(await two.inputValue('[name="extension.times"]')).toBe('2')
  expect(await two.inputValue('[name="callback.attempts"]')).toBe('5')
})

test('The year without its notice is shown, and is loaded by pointing at days', async () => {
  const page = await site.staff('李主任', ['director'])
  await page.goto(`${site.url}/console/calendar`)
  const next = new Date().getFullYear() + 1
  await page.getByRole('button', { name: `${next} 年` }).click()
  await page.locator('.page').getByText(`${next} 年的放假安排还没有录入`).waitFor()

  await page.getByRole('button', { name: `录入 ${next} 年` }).click()
  await page.fill('[name=notice]', '测试用通知')
  await page.fill('[name=noticeOn]', `${next - 1}-11-04`)
  await page.fill('[name=holiday]', '元旦')
  await page.locator(`[data-on="${next}-01-01"]`).click()
  await page.getByRole('button', { name: '保存这一年' }).click()

  await page.getByText(`依据：测试用通知`).waitFor()
  expect(await page.locator('.months .holiday').count()).toBe(1)
})

test('A department that the office lacks is added', async () => {
  const page = await site.staff('孙主任', ['director'])
  await page.goto(`${site.url}/console/departments`)
  await page.getByRole('button', { name: '新增部门' }).click()
  await page.fill('[name=name]', '市数据局')
  await page.fill('[name=duties]', '政务数据')
  await page.keyboard.press('Tab')
  await page.getByRole('button', { name: '新增部门' }).last().click()

  await page.locator('tbody tr', { hasText: '市数据局' }).waitFor()
})

test('A department gets another name that people call it by', async () => {
  const page = await site.staff('周主任', ['director'])
  await page.goto(`${site.url}/console/departments`)
  await page.fill('[type=search]', '税务')
  await page.locator('[data-department=tax]').click()
  await page.fill('[name=aliases]', `${await page.inputValue('[name=aliases]')}、收税的`)
  await page.keyboard.press('Enter')

  await page.locator('tr', { hasText: '收税的' }).waitFor()
})

test('A text of the office is edited, and what it said before stays to be read', async () => {
  const page = await site.staff('郑主任', ['director'])
  await page.goto(`${site.url}/console/documents`)
  const one = page.locator('article').nth(1)
  await one.locator('summary').first().click()
  const before = (await one.locator('.story').first().innerText()).slice(0, 20)
  await one.getByRole('button', { name: '修改' }).click()
  await one.locator('[name=content]').fill('第一条 窗口当天联系反映人。')
  await one.getByRole('button', { name: '保存为新版本' }).click()
  await one.locator('.story', { hasText: '第一条 窗口当天联系反映人' }).first().waitFor()

  await one.getByRole('button', { name: '历次版本' }).click()
  await one.locator('.document-versions summary', { hasText: '第 1 版' }).click()
  await one.locator('.document-versions .story', { hasText: before }).waitFor()
})

test('Who looked at what is found in the audit, and whether the machine runs on the page of its state', async () => {
  const page = await site.staff('吴主任', ['director'])
  await page.goto(`${site.url}/console/audit`)
  await page.selectOption('[name=action]', 'ledger unmasked')
  await page.locator('tbody tr', { hasText: '核对纸质登记簿' }).waitFor()
  await page.locator('tbody tr', { hasNotText: '看了未脱敏的台账' }).first().waitFor({ state: 'detached' })
  expect(await page.locator('tbody tr').first().innerText()).toContain('严督')

  await page.goto(`${site.url}/console/health`)
  await page.getByText('运行正常').waitFor()
  await page.getByText('到期、催办、回访').waitFor()
  // In words: what only the IT department reads is folded away.
  expect(await page.locator('main .page').innerText()).not.toMatch(/[A-Za-z]{3,}|\d{8}/)
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
