import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Role } from '../../casework/ticket.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { logIn, type StaffClient } from '../support/staff.ts'

export const phone = { width: 375, height: 812 }
export const screen = { width: 1366, height: 768 }

export type Site = {
  readonly url: string
  readonly server: RunningServer
  /** what went wrong on any page: errors of scripts and console, requests to elsewhere */
  readonly faults: string[]
  /** a browser of its own: nobody's cookies, nobody's storage */
  readonly open: (path?: string, options?: BrowserContextOptions) => Promise<Page>
  /** for pages of other origins */
  readonly browser: Browser
  /** somebody of the staff, logged in at the console */
  readonly staff: (name: string, roles: readonly Role[], unit?: string) => Promise<Page>
  /** the same without a browser, for what a test only needs done */
  readonly client: (name: string, roles: readonly Role[], unit?: string) => Promise<StaffClient>
  /** the first administrator's client */
  readonly administrator: StaffClient
  readonly close: () => Promise<void>
}

/** The built server on an empty database, and a Chromium before it. */
export async function openSite(settings: Readonly<Record<string, string>> = {}): Promise<Site> {
  const server = await startServer({ RATE_LIMIT: '100000', ...settings })
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking'] })
  const faults: string[] = []
  const { account, password } = server.administrator ?? { account: '', password: '' }
  const administrator = await logIn(server.url, account, password)
  const open = async (path = '/', options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await newPage(browser, server.url, options, faults)
    await page.goto(server.url + path)
    return page
  }
  let people = 0
  const client = async (name: string, roles: readonly Role[], unit?: string): Promise<StaffClient> => {
    const account = `person${++people}`
    const made = await administrator.post<{ password: string }>('/people', { account, name, roles, ...(unit ? { unit } : {}) })
    return logIn(server.url, account, made.body.password)
  }
  return {
    url: server.url,
    server,
    browser,
    faults,
    open,
    administrator,
    client,
    staff: async (name, roles, unit) => {
      const session = await client(name, roles, unit)
      const [cookie = '', value = ''] = session.cookie().split('=')
      const page = await open('/console/login')
      await page.context().addCookies([{ name: cookie, value, url: server.url }])
      await page.evaluate("localStorage.setItem('bandecheng.staff', 'true')")
      await page.goto(`${server.url}/console`)
      await page.locator('.side nav').waitFor()
      return page
    },
    close: async () => {
      await browser.close()
      await server.remove()
    },
  }
}

async function newPage(browser: Browser, url: string, options: BrowserContextOptions, faults: string[]): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: screen, ...options })
  context.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) faults.push(`request to ${request.url()}`)
  })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(url.replace('http', 'ws'))) faults.push(`socket to ${socket.url()}`)
  })
  page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${page.url()}: ${message.text()}`)
  })
  return page
}

export async function enter(page: Page, account: string, password: string): Promise<void> {
  await page.fill('[name=account]', account)
  await page.fill('[name=password]', password)
  await page.click('button[type=submit]')
}

/** Types a message, sends it, and waits until it was delivered and answered. */
export async function say(page: Page, text: string): Promise<void> {
  const before = await page.locator('.message.bot').count()
  await page.fill('#say', text)
  await page.keyboard.press('Enter')
  await page.locator('.message.bot').nth(before).waitFor()
  await page.locator('.message.citizen').last().getByText('已送达').waitFor()
}

/** Tells of a stuck case until it is registered. */
export async function register(page: Page): Promise<{ readonly number: string; readonly code: string }> {
  for (const text of ['跑了三趟了还是不给办', '办房产证，窗口说缺一张购房发票，没给书面的', '我叫王芳，电话13812345678']) await say(page, text)
  const text = await page.locator('.log').innerText()
  const [, number = '', code = ''] = /编号 ?(\d+-\d+-\d+-\d)，查询码 ?(\w+)/.exec(text) ?? []
  return { number, code }
}

type Violation = { readonly id: string; readonly nodes: readonly { readonly html: string }[] }

/** What axe-core finds wrong with the page as it stands. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as { readonly violations: readonly Violation[] }
  return found.violations.map(({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}

const smallest = `Math.min(...[...document.querySelectorAll('#app *')].filter((one) => one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())).map((one) => parseFloat(getComputedStyle(one).fontSize)))`
// Links inside a sentence are no targets of their own (WCAG 2.5.8); of a tick or a dot it is the label that is tapped.
const targets =
  'button, a.button, a.door, .links a, .quick a, .back a, summary, textarea, select, label.pick, input:not([type=file], [type=radio], [type=checkbox])'
const lowTargets = `[...document.querySelectorAll('${targets}')].filter((one) => one.checkVisibility()).map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()]).filter(([, box]) => box.height < 60 || box.width < 60).map(([html, box]) => html + ' ' + box.width + '×' + box.height)`
const overflow = 'document.documentElement.scrollWidth - window.innerWidth'

const spilling = `[...document.querySelectorAll('button, a.button, a.door')].filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1).map((one) => 'spills over: ' + one.outerHTML.slice(0, 80))`
// Whoever needs such letters does not read one word a line.
const thin = `[...document.querySelectorAll('#app p, #app li, #app dd, #app .bubble')].filter((one) => one.checkVisibility() && one.clientWidth > 1 && one.innerText.trim().length > 14 && one.clientWidth / parseFloat(getComputedStyle(one).fontSize) < 6.5).map((one) => 'few letters a line: ' + one.outerHTML.slice(0, 80))`

/**
 * What breaks 长辈版 on the page as it stands: text under `size` pixels, targets under 60, anything wider than the screen or than its button, and
 * lines of a few letters.
 */
export async function elderFaults(page: Page, size = 24): Promise<string[]> {
  const least = (await page.evaluate(smallest)) as number
  const wide = (await page.evaluate(overflow)) as number
  return [
    ...(least < size ? [`text of ${least} px`] : []),
    ...(wide > 0 ? [`${wide} px too wide`] : []),
    ...((await page.evaluate(`[${[lowTargets, spilling, thin].map((one) => `...${one}`)}]`)) as string[]),
  ]
}
