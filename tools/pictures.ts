// npm run pictures: the pictures of the staff manual, taken anew from a demo that this starts and throws away.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { desk, openForeign, phone, settled, takeOfCitizens, takeWidget } from './citizenpictures.ts'
import { firstTicket, type Shot, shots } from './consolepictures.ts'

const folder = 'docs/pictures'
/** What a page of the manual may weigh. */
const mostBytes = 150 * 1024
const port = 4399
const url = `http://127.0.0.1:${port}`

type Accounts = ReadonlyMap<string, string>
async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const home = mkdtempSync(join(tmpdir(), 'bandecheng-pictures-'))
  const foreign = await openForeign(url)
  const demo = spawn(process.execPath, ['dist/api/commands/demo.js'], {
    env: {
      ...process.env,
      DATABASE_URL: `file:${join(home, 'demo.db')}`,
      FILES_DIR: join(home, 'files'),
      DATA_KEY_FILE: join(home, 'key'),
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'error',
      WIDGET_SITES: foreign.url,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--lang=zh-CN'],
    env: { ...process.env, LANG: 'zh_CN.UTF-8', LANGUAGE: 'zh_CN' },
  })
  try {
    const accounts = await ready(demo)
    const pages = new Map<string, Page>()
    for (const shot of shots) {
      const page = pages.get(shot.who) ?? (await logIn(browser, accounts, shot.who))
      pages.set(shot.who, page)
      await takeAtDesk(page, shot)
    }
    await takeLogin(browser)
    await takeOfCitizens(browser, url, keep)
    await takeWidget(browser, foreign.url, keep)
    await takeOutside(browser, await logIn(browser, accounts, 'zhou'))
    await takePapers(browser, accounts)
  } finally {
    await browser.close()
    foreign.close()
    demo.kill()
    rmSync(home, { recursive: true, force: true })
  }
}

/** The demo tells its accounts when it is filled, and its addresses when it listens. */
function ready(demo: ReturnType<typeof spawn>): Promise<Accounts> {
  let said = ''
  return new Promise((resolve, reject) => {
    demo.on('exit', (code) => reject(new Error(`the demo ended with ${code}`)))
    demo.stdout?.on('data', (data) => {
      said += String(data)
      if (said.includes('/console'))
        resolve(new Map([...said.matchAll(/^ {2}(\w+) +(\w{12}) /gm)].map(([, account = '', password = '']) => [account, password])))
    })
  })
}

async function takeAtDesk(page: Page, { name, path, before }: Shot): Promise<void> {
  await page.goto(`${url}/console${path}`)
  await settled(page)
  await before?.(page)
  await settled(page)
  await keep(name, await page.screenshot())
  await page.setViewportSize(phone)
  await settled(page)
  await keep(`${name}-phone`, await page.screenshot())
  await page.setViewportSize(desk)
}

async function logIn(browser: Browser, accounts: Accounts, who: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: desk })
  const page = await context.newPage()
  await page.goto(`${url}/console/login`)
  await page.fill('[name=account]', who)
  await page.fill('[name=password]', accounts.get(who) ?? '')
  await page.click('button[type=submit]')
  await page.locator('.side nav').waitFor()
  return page
}

async function takeLogin(browser: Browser): Promise<void> {
  const page = await (await browser.newContext({ locale: 'zh-CN', viewport: desk })).newPage()
  await page.goto(`${url}/console/login`)
  await settled(page)
  await keep('login', await page.screenshot())
  await page.context().close()
}

/** What a unit without an account sees. */
async function takeOutside(browser: Browser, page: Page): Promise<void> {
  await page.goto(`${url}/console/tickets?level=3`)
  await settled(page)
  await firstTicket(page)
  await page.fill('[name=outsideUnit]', '省政务服务局某某处')
  await page.fill('[name=outsideQuestion]', '这类备案可否先容缺受理？')
  await page
    .locator('form.command', { has: page.locator('[name=outsideUnit]') })
    .locator('button[type=submit]')
    .click()
  const address = (await page.locator('p.address').textContent()) ?? ''
  await page.context().close()
  const context = await browser.newContext({ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: phone })
  const unit = await context.newPage()
  await unit.goto(address)
  await unit.locator('form').waitFor()
  await settled(unit)
  await keep('outside', await unit.screenshot())
  await context.close()
}

/** A sheet of the assignment and one ledger, as they lie on the table. */
async function takePapers(browser: Browser, accounts: Accounts): Promise<void> {
  const page = await logIn(browser, accounts, 'xu')
  await page.goto(`${url}/console/tickets?lamp=late`)
  await settled(page)
  await firstTicket(page)
  const paper = page.locator('.papers li a').first()
  await paper.waitFor()
  await page.goto(url + ((await paper.getAttribute('href')) ?? ''))
  await page.setViewportSize({ width: 794, height: 1123 })
  await keep('paper', await page.screenshot())
  await page.context().close()
}

/** As large as it may be: a picture that cannot be kept small enough is a fault of this list. */
async function keep(name: string, picture: Buffer): Promise<void> {
  for (const quality of [80, 65, 50]) {
    const small = await sharp(picture).webp({ quality }).toBuffer()
    if (small.byteLength > mostBytes) continue
    writeFileSync(join(folder, `${name}.webp`), small)
    process.stdout.write(`${name} ${Math.round(small.byteLength / 1024)} KB\n`)
    return
  }
  throw new Error(`${name} is larger than ${mostBytes} bytes`)
}

await main()
