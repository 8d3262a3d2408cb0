import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../casework/ticket.ts'
import { openSite, register, type Site, say, violations } from './browser.ts'

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

/** Nothing may be wider than the screen that the office has: 1366 × 768. */
const sideways = `Math.max(document.documentElement.scrollWidth - window.innerWidth, ...[document.querySelector('main'), ...document.querySelectorAll('.table')].map((one) => one.scrollWidth - one.clientWidth))`

describe('Two colleagues in one talk', () => {
  let id = ''
  let first: Page
  let second: Page
  let citizen: Page
  beforeAll(async () => {
    first = await site.staff('王敏', ['clerk'])
    second = await site.staff('李强', ['supervisor'])
    citizen = await site.open()
    await say(citizen, '转人工')
    await first.goto(`${site.url}/console/conversations`)
    await first.getByRole('button', { name: '等人接', exact: true }).click()
    await first.locator('.inbox .cards a').first().click()
    await first.getByText('接过来', { exact: true }).click()
    await first.locator('.answer').waitFor()
    id = first.url().split('/').at(-1) ?? ''
    await second.goto(`${site.url}/console/conversations/${id}`)
    await second.locator('.talk .log').waitFor()
  })

  test('see that the other looks, who types, and that the citizen types; the citizen sees that a person types', async () => {
    await first.locator('.presence', { hasText: '李强也在看' }).waitFor()
    await citizen.locator('#say').pressSequentially('我想问一下', { delay: 1_000 })
    await second.locator('.presence', { hasText: '市民正在输入' }).waitFor()
    await first.locator('.answer textarea').pressSequentially('您好')
    await second.locator('.presence', { hasText: '王敏正在输入' }).waitFor()
    await citizen.locator('.typing', { hasText: '工作人员' }).waitFor()
    await first.fill('.answer textarea', '')
    await citizen.fill('#say', '')
  })

  test('find a phrase by its initials, and leave each other notes with a name that is told', async () => {
    await first.fill('[name=phrase]', 'qnsd')
    await first.keyboard.press('Enter')
    expect(await first.inputValue('.answer textarea')).toContain('请您稍等')
    await first.keyboard.press('Escape')
    await first.fill('.answer textarea', '')

    await first.locator('[name=note]').pressSequentially('@李')
    await first.getByRole('button', { name: '@李强' }).click()
    await first.locator('[name=note]').pressSequentially('请看一下')
    await first.getByRole('button', { name: '记下' }).click()
    await second.locator('.notes-of li', { hasText: '请看一下' }).waitFor()
    await second.getByRole('link', { name: '今天要做' }).click()
    await second.locator('.notices', { hasText: '王敏在会话备注里提到您' }).getByRole('link', { name: '看会话' }).first().click()
    await second.locator('.talk .log').waitFor()
    expect(await citizen.locator('.log').innerText()).not.toContain('请看一下')
  })

  test('the citizen is told that a person has read, and the person that the citizen has seen the answer, as soon as it is on the screen', async () => {
    await citizen.fill('#say', '户口本丢了也能办吗')
    await citizen.keyboard.press('Enter')
    await citizen.locator('.message.citizen').last().getByText('工作人员已读').waitFor()
    await citizen.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })")
    await first.fill('.answer textarea', '能办')
    await first.keyboard.press('Enter')
    await citizen.locator('.message.staff', { hasText: '能办' }).waitFor()
    await first.locator('.talk article.staff', { hasText: '能办' }).waitFor()
    expect(await first.getByText('市民已看到').count()).toBe(0)

    await citizen.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))")

    await first.locator('.talk article.staff', { hasText: '能办' }).getByText('市民已看到').waitFor()
  })

  test('the second window of one person is held back until it has seen what the first has said', async () => {
    const window = await first.context().newPage()
    await window.goto(first.url())
    await window.locator('.answer textarea').fill('请带户口本')
    await first.locator('.presence', { hasText: '另一个窗口' }).waitFor()
    await first.fill('.answer textarea', '请带身份证')
    await first.keyboard.press('Enter')
    await window.locator('.talk article.staff', { hasText: '请带身份证' }).waitFor()

    const before = site.faults.length
    await window.locator('.answer').getByRole('button', { name: '发送' }).click()
    await window.getByText('先没有发出').waitFor()
    expect(await window.locator('.problem').innerText()).toContain('请带身份证')
    expect(await citizen.locator('.log').innerText()).not.toContain('请带户口本')
    await window.getByRole('button', { name: '仍然发送' }).click()
    await citizen.locator('.message.staff', { hasText: '请带户口本' }).waitFor()
    await window.close()
    site.faults.splice(before)
  })

  test('hand it on with a note; it changes hands when the colleague accepts', async () => {
    await first.getByRole('button', { name: '转给同事' }).click()
    await first.selectOption('[name=to]', { label: '李强（督办员）' })
    await first.fill('[name=handoverNote]', '涉及督办')
    await first.getByRole('button', { name: '转出' }).click()
    await first.getByText('对方接之前仍由您接待').waitFor()
    await second.getByText('王敏想把这个会话转给您').waitFor()
    await second.getByRole('button', { name: '我来接' }).click()

    await second.locator('.answer').waitFor()
    await first.getByText('李强正在接待').first().waitFor()
    await citizen.locator('.message.system', { hasText: '李强' }).waitFor()
  })

  test('what the citizen said is marked with what was understood, and becomes a case when a clerk confirms', async () => {
    await citizen.fill('#say', '我办房产证，缺购房发票，窗口不给办，我电话13911112222')
    await citizen.keyboard.press('Enter')
    await first.locator('.talk mark', { hasText: '139****2222' }).waitFor()

    await first.getByRole('button', { name: '核对、登记' }).click()
    await first.fill('.draft [name=matter]', '不动产权证')
    await first.fill('.draft [name=story]', '缺购房发票，窗口不给办')
    await first.fill('.draft [name=phone]', '13911112222')
    expect(await violations(first)).toEqual([])
    expect(await first.evaluate(sideways)).toBeLessThanOrEqual(0)
    await first.getByRole('button', { name: '确认登记' }).click()

    await first.getByText('编号和查询码已发给市民').waitFor()
    await citizen.locator('.message', { hasText: '查询码' }).last().waitFor()
    await first.locator('.beside .cards', { hasText: '不动产权证' }).waitFor()
  })
})

describe('The list of cases', () => {
  test('keeps a person’s views on the server, finds Chinese words, numbers and phones, and goes by keyboard', async () => {
    const { number } = await register(await site.open())
    const page = await site.staff('赵窗', ['clerk'])
    await page.getByRole('link', { name: '工单', exact: true }).click()
    for (const words of ['房产证', number.replaceAll('-', ''), '13812345678']) {
      await page.keyboard.press('/')
      await page.fill('[type=search]', words)
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: number }).waitFor()
    }
    await page.fill('[type=search]', '房产证')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: '保存为视图' }).click()
    await page.locator('.el-message-box input').fill('房产')
    await page.keyboard.press('Enter')
    await page.locator('.view.here', { hasText: '房产' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: '清空' }).click()
    await page.locator('.views').getByRole('link', { name: '房产' }).click()
    await page.getByRole('link', { name: number }).waitFor()
    expect(await page.inputValue('[type=search]')).toBe('房产证')

    await page.locator('body').click({ position: { x: 700, y: 740 } })
    await page.keyboard.press('?')
    await page.getByText('列表里下一件、上一件').waitFor()
    await page.keyboard.press('?')
    await page.getByText('列表里下一件、上一件').waitFor({ state: 'hidden' })
    await page.keyboard.press('j')
    await page.locator('tr.cursor').waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.case').waitFor()
    await page.keyboard.press('1')
    await page.locator('.command').waitFor()
  })

  test('works on several at once, with the outcome of each', async () => {
    for (let times = 0; times < 2; times++) await register(await site.open())
    const page = await site.staff('钱窗', ['clerk'])
    await page.goto(`${site.url}/console/tickets?stage=registered`)
    for (const at of [0, 1]) await page.locator('tbody [type=checkbox]').nth(at).check()
    await page.locator('[data-bulk=decline]').click()
    await page.fill('.bulk [name=reason]', '不属于受理范围')
    await page.fill('.bulk [name=door]', '人民法院')
    expect(await violations(page)).toEqual([])
    // Meanwhile a colleague has moved one of them on.
    const number = await page.locator('.bulk').locator('xpath=..').locator('tbody .number a').first().innerText()
    const before = site.faults.length
    const other = await site.staff('孙窗', ['clerk'])
    await page.route('**/api/staff/tickets/*', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()))
    await other.goto(`${site.url}/console/tickets?q=${number}`)
    await other.getByRole('link', { name: number }).click()
    await other.locator('[data-command=amend]').locator('xpath=ancestor::details').locator('summary').click()
    await other.locator('[data-command=amend]').click()
    await other.fill('.command [name=district]', '尧都区')
    await other.click('.command button.primary')
    await other.locator('dl', { hasText: '尧都区' }).waitFor()

    await page.locator('.bulk button.primary').click()

    await page.getByText('2 件中办成 1 件').waitFor()
    expect(await page.locator('.bulk tbody tr.urgent').innerText()).toContain(number)
    await page.context().close()
    site.faults.splice(before)
  })
})

describe('The dashboard', () => {
  test('shows rates with what they are of, drills to cases, and fills a wall without a citizen’s words', async () => {
    await register(await site.open())
    const page = await site.staff('高市长', ['mayor'])
    await page.getByRole('link', { name: '看板' }).click()
    await page.locator('.chart canvas').first().waitFor()
    expect(await page.evaluate(sideways)).toBeLessThanOrEqual(0)
    expect(await violations(page)).toEqual([])
    await page.locator('.tile', { hasText: '今日收件' }).click()
    await page.locator('tbody tr').first().waitFor()

    await page.goto(`${site.url}/console/screen`)
    await page.locator('.wall canvas').first().waitFor()
    const text = await page.locator('.screen').innerText()
    expect(text).not.toMatch(/王|发票|138/)
    expect(await violations(page)).toEqual([])
  })
})

describe('From the dashboard', () => {
  test('a county, also the one that nobody has said, and a day of the curve lead to exactly their cases', async () => {
    const [here, nowhere] = [(await register(await site.open())).number, (await register(await site.open())).number]
    const clerk = await site.client('冯窗', ['clerk'])
    const id = (await clerk.tickets(`?q=${here}`))[0]?.id ?? ''
    await clerk.command(id, { type: 'amend', facts: { district: '洪洞县' } })
    const page = await site.staff('高主任', ['director'])

    await page.goto(`${site.url}/console/overview`)
    await page.getByRole('link', { name: '洪洞县' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: here }).waitFor()
    expect(await page.locator('tbody tr').count()).toBe(1)
    expect(await page.inputValue('[name=district]')).toBe('洪洞县')

    await page.goto(`${site.url}/console/overview`)
    await page.locator('.ranks').last().getByRole('link', { name: '未填' }).click()
    await page.getByRole('link', { name: nowhere }).waitFor()
    expect(await page.getByRole('link', { name: here }).count()).toBe(0)

    await page.goto(`${site.url}/console/overview`)
    await page.locator('.chart canvas').waitFor()
    const box = await page.locator('.chart').boundingBox()
    // The last day of the curve is today, at its right end.
    await page.locator('.chart').click({ position: { x: (box?.width ?? 0) - 20, y: (box?.height ?? 0) / 2 } })
    await page.getByRole('link', { name: here }).waitFor()
    const asked = new URL(page.url()).searchParams
    expect(asked.get('from')).toBe(asked.get('to'))
  })
})

describe('Each role', () => {
  const places: readonly (readonly [role: Role, unit: string | undefined, may: readonly string[], not: readonly string[]])[] = [
    [
      'clerk',
      undefined,
      [
        '',
        'conversations',
        'tickets',
        'intake',
        'improvements',
        'overview',
        'ledgers',
        'guides',
        'missed',
        'documents',
        'policy',
        'calendar',
        'departments',
        'dead',
        'health',
      ],
      ['people', 'audit'],
    ],
    [
      'chief',
      'natural',
      ['', 'tickets', 'improvements', 'overview', 'ledgers', 'guides', 'policy'],
      ['conversations', 'intake', 'people', 'audit', 'dead', 'health'],
    ],
    ['liaison', 'natural', ['', 'tickets', 'improvements', 'overview', 'ledgers', 'policy'], ['conversations', 'intake', 'people', 'audit', 'dead', 'health']],
    ['lead', undefined, ['', 'conversations', 'tickets', 'improvements', 'overview', 'ledgers', 'missed', 'dead', 'health'], ['intake', 'people', 'audit']],
    [
      'supervisor',
      undefined,
      ['', 'conversations', 'tickets', 'improvements', 'overview', 'ledgers', 'missed', 'dead', 'health'],
      ['intake', 'people', 'audit'],
    ],
    ['discipline', undefined, ['', 'conversations', 'tickets', 'improvements', 'overview', 'ledgers', 'audit'], ['intake', 'people', 'dead', 'health']],
    [
      'director',
      undefined,
      ['', 'conversations', 'tickets', 'improvements', 'overview', 'ledgers', 'policy', 'calendar', 'departments', 'audit', 'dead', 'health'],
      ['intake', 'people'],
    ],
    ['mayor', undefined, ['', 'tickets', 'improvements', 'overview', 'ledgers', 'screen'], ['conversations', 'intake', 'people', 'audit', 'dead', 'health']],
    [
      'admin',
      undefined,
      ['', 'policy', 'calendar', 'departments', 'people', 'audit', 'dead', 'health'],
      ['conversations', 'tickets', 'intake', 'overview', 'ledgers', 'improvements'],
    ],
  ]
  const asks: Readonly<Record<string, string>> = {
    conversations: 'conversations',
    tickets: 'tickets',
    people: 'people',
    audit: 'audit',
    dead: 'jobs/dead',
    health: 'health',
    overview: 'dashboard',
    ledgers: 'ledgers',
  }

  test.each(places)('%s opens its own pages without an error, sideways scroll or refusal, and no others', async (role, unit, may, not) => {
    const page = await site.staff(role, [role], unit)
    const refused: string[] = []
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`)
    })
    for (const path of may) {
      await page.goto(`${site.url}/console${path && `/${path}`}`)
      await page.waitForLoadState('networkidle')
      expect(new URL(page.url()).pathname.replace(/\/$/, '')).toBe(path ? `/console/${path}` : '/console')
      expect(await page.locator('main').innerText()).not.toBe('')
      expect(await page.evaluate(sideways)).toBeLessThanOrEqual(0)
    }
    expect(refused).toEqual([])

    const before = site.faults.length
    for (const path of not) {
      expect(await page.locator(`.side nav a[href='/console/${path}']`).count()).toBe(0)
      await page.goto(`${site.url}/console/${path}`)
      await page.locator('main h1').first().waitFor()
      expect(new URL(page.url()).pathname).toMatch(/^\/console\/?$/)
      const ask = asks[path]
      if (ask) expect(await page.evaluate(`fetch('/api/staff/${ask}').then((answer) => answer.status)`)).toBe(403)
    }
    site.faults.splice(before)
    await page.context().close()
  })
})

test('No page of these had an error or asked anything of another host', () => {
  expect(site.faults).toEqual([])
})
