import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enter, openSite, register, type Site, say } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

const offer = (page: Page, command: string) => page.locator(`[data-command=${command}]`)

/** Opens the form of a command, fills it, sends it, and waits until the case has moved. */
async function perform(page: Page, command: string, fill: Readonly<Record<string, string>> = {}): Promise<void> {
  await offer(page, command).click()
  for (const [name, text] of Object.entries(fill)) await page.fill(`.command [name=${name}]`, text)
  await page.click('.command button.primary')
  await page.locator('.command').waitFor({ state: 'detached' })
}

async function openCase(page: Page, number: string): Promise<void> {
  await page.getByRole('link', { name: '工单', exact: true }).click()
  await page.fill('[type=search]', number)
  await page.getByText('查找').click()
  await page.getByRole('link', { name: number }).click()
  await page.locator('.case').waitFor()
}

test('A one-time password opens nothing but the change of password', async () => {
  const made = await site.administrator.post<{ password: string }>('/people', { account: 'newcomer', name: '新来的', roles: ['clerk'] })
  const page = await site.open('/console/tickets')
  await enter(page, 'newcomer', made.body.password)
  await page.getByText('这是一次性密码').waitFor()
  await page.goto(`${site.url}/console/tickets`)
  await page.getByText('这是一次性密码').waitFor()

  await page.fill('[name=current]', made.body.password)
  await page.fill('[name=next]', 'Spring-in-2026')
  await page.fill('[name=again]', 'Spring-in-2026')
  await page.click('button[type=submit]')

  await page.locator('.duties').waitFor()
})

test('A wrong password is refused in words', async () => {
  const before = site.faults.length
  const page = await site.open('/console')
  await enter(page, 'nobody', 'nothing-at-all')
  expect(await page.getByRole('alert').innerText()).toContain('不对')
  expect(site.faults.splice(before)).toHaveLength(1)
})

test('Who logs out leaves nothing behind: the way back leads to the login', async () => {
  const page = await site.staff('走', ['clerk'])
  await page.getByRole('button', { name: '退出' }).click()
  await page.locator('[name=password]').waitFor()

  await page.goto(`${site.url}/console/tickets`)

  await page.locator('[name=password]').waitFor()
  expect(await page.locator('.side').count()).toBe(0)
})

describe('A conversation', () => {
  test('that asks for a person appears without a reload, is taken over live in both windows, and is handed back', async () => {
    const clerk = await site.staff('王敏', ['clerk'])
    await clerk.getByRole('link', { name: '会话' }).click()
    await clerk.getByRole('button', { name: '等人接', exact: true }).click()
    const citizen = await site.open()

    await citizen.locator('.welcome').getByText('找工作人员').click()
    await clerk.locator('.inbox .cards a').first().click()
    await clerk.getByText('接过来', { exact: true }).click()
    await citizen.getByText('工作人员王敏正在为您服务').waitFor()
    await clerk.fill('.answer textarea', '您好，我是王敏，您慢慢说。')
    await clerk.keyboard.press('Enter')
    await citizen.locator('.message.staff .bubble', { hasText: '您慢慢说' }).waitFor()

    await citizen.fill('#say', '我的低保停了')
    await citizen.keyboard.press('Enter')
    await clerk.locator('.talk article.citizen', { hasText: '我的低保停了' }).waitFor()
    const bots = await citizen.locator('.message.bot').count()

    await clerk.getByText('交还智能助手').click()
    await citizen.locator('.message.system', { hasText: '智能助手继续为您服务' }).waitFor()
    // While the clerk had the talk, the bot did not speak.
    expect(await citizen.locator('.message.bot').count()).toBe(bots)
    await say(citizen, '你好')
  })

  test('is held by one clerk only: the second is told who has it', async () => {
    const [first, second] = [await site.staff('甲', ['clerk']), await site.staff('乙', ['clerk'])]
    const citizen = await site.open()
    await say(citizen, '转人工')
    for (const page of [first, second]) {
      await page.getByRole('link', { name: '会话' }).click()
      await page.getByRole('button', { name: '等人接', exact: true }).click()
      await page.locator('.inbox .cards a').first().click()
      await page.getByText('接过来', { exact: true }).waitFor()
    }
    // The second has not heard yet: its hints and readings are held up.
    const before = site.faults.length
    await second.route('**/api/staff/conversations/*', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()))

    await first.getByText('接过来', { exact: true }).click()
    await first.getByText('您正在接待').first().waitFor()
    await second.getByText('接过来', { exact: true }).click()

    await second.getByText('已经由甲接着了').waitFor()
    await second.context().close()
    site.faults.splice(before)
  })
})

describe('A case', () => {
  test('goes through the seven stages at the console, each with who and when in the journal', async () => {
    const { number } = await register(await site.open())
    const clerk = await site.staff('李办', ['clerk'])
    const supervisor = await site.staff('周督', ['supervisor'])

    await openCase(clerk, number)
    await offer(clerk, 'triage').click()
    await clerk.getByLabel('应办、无障碍').check()
    await clerk.getByLabel(/^一级/).check()
    await clerk.selectOption('.command select[name=cause]', '材料缺失')
    await clerk.locator('.command .el-select').first().click()
    await clerk.keyboard.type('自然资源')
    await clerk.keyboard.press('Enter')
    await clerk.fill('.command [name=reason]', '发票可凭税务证明替代')
    await clerk.click('.command button.primary')
    await offer(clerk, 'assign').waitFor()
    await perform(clerk, 'assign', { note: '当天联系反映人' })
    await perform(clerk, 'accept')
    await offer(clerk, 'contact').click()
    await clerk.selectOption('.command select[name=how]', '电话')
    await clerk.fill('.command [name=note]', '已告知可开税务证明')
    await clerk.click('.command button.primary')
    await offer(clerk, 'resolve').click()
    await clerk.selectOption('.command select[name=result]', 'done')
    await clerk.fill('.command [name=text]', '凭税务证明已受理登记')
    await clerk.click('.command button.primary')
    await clerk.locator('.command').waitFor({ state: 'detached' })
    // The one who did it cannot check it.
    expect(await offer(clerk, 'check').count()).toBe(0)

    await openCase(supervisor, number)
    await perform(supervisor, 'check', { note: '属实' })
    await perform(clerk, 'reply', { text: '可以办了，请带税务证明来窗口', basis: '《不动产登记暂行条例》', contact: '李办，窗口3号' })
    await offer(supervisor, 'callback').click()
    expect(await supervisor.locator('.script').innerText()).toMatch(/联系过您吗[\s\S]*办成了吗/)
    await supervisor.getByLabel('接通').check()
    await supervisor.getByLabel('办成了', { exact: true }).check()
    await supervisor.getByLabel('满意', { exact: true }).check()
    await supervisor.click('.command button.primary')
    await offer(supervisor, 'archive').click()
    await supervisor.fill('.command [name=cause]', '一次性告知没有说清替代材料')
    await supervisor.click('.command button.primary')

    await supervisor.locator('.case-head .now', { hasText: '已归档' }).waitFor()
    expect(await supervisor.locator('.seven .done').count()).toBe(6)
    const journal = await supervisor.locator('.journal').innerText()
    for (const words of ['李办', '周督', '研判', '交办', '签收', '联系反映人', '办结', '审核通过', '回复反映人', '回访', '归档'])
      expect(journal).toContain(words)
  })

  test('that someone else has moved meanwhile is read again, and what was typed stays', async () => {
    const { number } = await register(await site.open())
    const [one, two] = [await site.staff('赵', ['clerk']), await site.staff('钱', ['clerk'])]
    await openCase(one, number)
    await openCase(two, number)
    await offer(two, 'decline').locator('xpath=ancestor::details').locator('summary').click()
    await offer(two, 'decline').click()
    await two.fill('.command [name=reason]', '不属于受理范围')
    await two.fill('.command [name=door]', '人民法院')
    const before = site.faults.length
    // Its hints are held up, as on a bad line.
    await two.route('**/api/staff/tickets/*', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()))

    await offer(one, 'amend').locator('xpath=ancestor::details').locator('summary').click()
    await offer(one, 'amend').click()
    await one.fill('.command [name=district]', '尧都区')
    await one.click('.command button.primary')
    await one.locator('dl', { hasText: '尧都区' }).waitFor()
    await two.click('.command button.primary')

    await two.getByText('刚刚被别人改过').waitFor()
    expect(await two.inputValue('.command [name=reason]')).toBe('不属于受理范围')
    await two.context().close()
    site.faults.splice(before)
  })

  test('shows the telephone number only when asked to', async () => {
    const { number } = await register(await site.open())
    const clerk = await site.staff('孙', ['clerk'])
    await openCase(clerk, number)
    expect(await clerk.locator('.page').innerText()).not.toContain('13812345678')

    await clerk.getByText('看完整号码').click()

    await clerk.getByText('13812345678').waitFor()
  })
})

test('A clerk registers at the counter by keyboard alone and prints a receipt with which the case is found', async () => {
  const clerk = await site.staff('吴窗', ['clerk'])
  await clerk.getByRole('link', { name: '窗口登记' }).click()
  await clerk.locator('[name=name]').focus()
  for (const text of ['刘桂英', '13900001111', '不动产证', '政务大厅2号窗口', '去了三次，说缺发票']) {
    await clerk.keyboard.type(text)
    await clerk.keyboard.press('Tab')
  }
  await clerk.keyboard.press('Control+Enter')
  await clerk.locator('.receipt').waitFor()
  const [number = '', code = ''] = await clerk.locator('.receipt .big').allInnerTexts()
  expect((await clerk.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(10_000)
  await clerk.emulateMedia({ media: 'print' })
  expect(await clerk.locator('.side').isVisible()).toBe(false)

  const citizen = await site.open(`/progress?number=${number}`)
  await citizen.fill('[name=proof]', code)
  await citizen.click('button[type=submit]')
  expect(await citizen.locator('dl').innerText()).toContain('不动产证')
})

test('An administrator adds a person and hands over a one-time password', async () => {
  const admin = await site.staff('管', ['admin'])
  await admin.getByRole('link', { name: '设置' }).click()
  await admin.getByRole('link', { name: '人员' }).click()
  await admin.getByText('添加人员').click()
  await admin.fill('[name=account]', 'zheng')
  await admin.fill('[name=person]', '郑科')
  await admin.getByRole('checkbox', { name: '责任科室科长' }).check()
  await admin.selectOption('[name=unit]', { index: 1 })
  await admin.getByRole('button', { name: '添加', exact: true }).click()
  const password = await admin.locator('.one-time .big').innerText()

  const page = await site.open('/console')
  await enter(page, 'zheng', password)

  await page.getByText('这是一次性密码').waitFor()
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
