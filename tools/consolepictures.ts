// The pages of the console that stand in the staff manual, each as somebody of the demo sees it.
import type { Page } from 'playwright-core'

export type Shot = { readonly name: string; readonly who: string; readonly path: string; readonly before?: (page: Page) => Promise<void> }

export const firstTicket = async (page: Page): Promise<void> => {
  await page.locator('tbody .number a').first().click()
  await page.locator('.case').waitFor()
}
const openTalk = async (page: Page): Promise<void> => {
  await page.locator('.inbox .cards a').first().click()
  await page.locator('.talk .log').waitFor()
}

export const shots: readonly Shot[] = [
  { name: 'today', who: 'chen', path: '/' },
  { name: 'today-chief', who: 'li', path: '/' },
  {
    name: 'talk',
    who: 'chen',
    path: '/conversations',
    before: async (page) => {
      await page.getByRole('button', { name: '等人接', exact: true }).click()
      await openTalk(page)
      await page.getByText('接过来', { exact: true }).click()
      await page.locator('.answer').waitFor()
    },
  },
  { name: 'tickets', who: 'chen', path: '/tickets' },
  { name: 'ticket', who: 'chen', path: '/tickets?lamp=late', before: firstTicket },
  {
    name: 'command',
    who: 'chen',
    path: '/tickets',
    before: async (page) => {
      await firstTicket(page)
      await page.locator('.offers [data-command]').first().click()
      await page.locator('.offers .command').waitFor()
    },
  },
  {
    name: 'bulk',
    who: 'chen',
    path: '/tickets?stage=registered',
    before: async (page) => {
      for (const at of [0, 1]) await page.locator('tbody [type=checkbox]').nth(at).check()
      await page.locator('[data-bulk]').first().waitFor()
    },
  },
  {
    name: 'intake',
    who: 'chen',
    path: '/intake',
    before: async (page) => {
      await page.fill('[name=name]', '某某')
      await page.fill('[name=matter]', '不动产证')
      await page.fill('[name=story]', '去了三次，说缺发票，没有书面答复')
    },
  },
  { name: 'improvements', who: 'zhou', path: '/improvements' },
  { name: 'overview', who: 'ma', path: '/overview' },
  { name: 'screen', who: 'ma', path: '/screen' },
  { name: 'ledgers', who: 'xu', path: '/ledgers' },
  { name: 'guides', who: 'zhou', path: '/guides' },
  {
    name: 'guide',
    who: 'zhou',
    path: '/guides',
    before: async (page) => {
      await page.locator('main tbody a').first().click()
      await page.locator('main form').first().waitFor()
    },
  },
  { name: 'missed', who: 'zhou', path: '/missed' },
  { name: 'documents', who: 'ma', path: '/documents' },
  { name: 'policy', who: 'ma', path: '/policy' },
  { name: 'calendar', who: 'ma', path: '/calendar' },
  { name: 'departments', who: 'ma', path: '/departments' },
  { name: 'people', who: 'admin', path: '/people' },
  { name: 'audit', who: 'ma', path: '/audit' },
  { name: 'dead', who: 'ma', path: '/dead' },
  { name: 'health', who: 'ma', path: '/health' },
  { name: 'account', who: 'chen', path: '/account' },
]
