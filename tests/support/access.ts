import { createHash, randomUUID } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import exceljs from 'exceljs'
import { Secret, TOTP } from 'otpauth'
import type { FileView, ProgressView } from '../../api/contract.ts'
import { writeBook } from '../../api/guides/book.ts'
import { hashPassword } from '../../api/session.ts'
import { hashOf, newSessionToken } from '../../api/tokens.ts'
import type { Role } from '../../casework/ticket.ts'
import { conversationOf, personIdOf } from '../../prisma/conversations.ts'
import { calendarYears } from '../../prisma/office.ts'
import type { Row } from '../../prisma/sql.ts'
import { createStaff, recordLogin, setPassword } from '../../prisma/staff.ts'
import { createChatClient, visitorCookie } from './chat.ts'
import { testCipher } from './database.ts'
import { paper, send } from './files.ts'
import { openOffice } from './office.ts'
import { partnerSecret, partnersFile, signedHeaders } from './partner.ts'
import { type Provider, startProvider } from './provider.ts'
import { testPassword } from './staff.ts'

/** What the answers to a citizen's own questions hold, and nobody else's may. */
export const secrets = ['欧阳明月', '13900001111', '跑了三趟不给办'] as const

export const kinds = { ordinary: '普通', confidential: '要求保密', reported: '纪检线索' } as const
export type Kind = keyof typeof kinds
export type Member = { readonly title: string; readonly roles: readonly Role[]; readonly unit?: string }
type Subject = { readonly id: string; readonly talkId: string; readonly number: string; readonly fileId: string; readonly pass: string }

export type Attempt = {
  /** where the parts of the path are not filled in by themselves */
  readonly path?: string
  readonly cookie?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly bytes?: Buffer
  readonly type?: string
}

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const smsSecret = 'a-long-secret-for-the-vendor'
const wechatToken = 'office_token'
export const absent = 'no-such-thing-as-this'

export type AccessWorld = Awaited<ReturnType<typeof openAccessWorld>>

/** An office with everything switched on, one case of each kind, a talk, and their files. */
export async function openAccessWorld(people: readonly Member[]) {
  const provider: Provider = await startProvider('desk', 'provider-secret')
  const channels = join(mkdtempSync(join(tmpdir(), 'bandecheng-test-')), 'channels.yaml')
  writeFileSync(
    channels,
    JSON.stringify({
      wechat: { appId: 'wx0123456789abcdef', secret: 'office-secret', token: wechatToken, mode: 'plain' },
      sms: { secret: smsSecret, byHand: true },
    }),
  )
  const office = await openOffice({
    // Limits for each address are not what is looked at here: every request comes from an address of its own.
    TRUST_PROXY: '1',
    OPEN311: 'on',
    CHANNELS_FILE: channels,
    PARTNERS_FILE: partnersFile(),
    OIDC_ISSUER: provider.url,
    OIDC_CLIENT_ID: 'desk',
    OIDC_CLIENT_SECRET: 'provider-secret',
  })
  const { db } = office.shell
  const passwordHash = await hashPassword(testPassword)

  /** One more account of that kind, and its open session. */
  async function enter({ roles, unit }: Member): Promise<{ readonly id: string; readonly account: string; readonly cookie: string }> {
    const [id, token, now] = [randomUUID(), newSessionToken(), office.now()]
    await createStaff(db, { id, account: id, name: id, roles, unit, passwordHash, now })
    await setPassword(db, id, passwordHash, false, now)
    await recordLogin(db, testCipher, { staffId: id, tokenHash: hashOf(token), device: '', now })
    return { id, account: id, cookie: `bdc_staff=${token}` }
  }
  const sessions = new Map(await Promise.all(people.map(async (who) => [who, await enter(who)] as const)))
  const desk = await enter({ title: '', roles: ['clerk', 'lead', 'director'] })

  let addresses = 0
  async function request(
    route: string,
    { path, cookie = '', headers = {}, body, bytes, type }: Attempt,
  ): Promise<{ status: number; text: string; code: string }> {
    const [method = '', place = ''] = route.split(' ')
    const sent = bytes ?? (body === undefined ? undefined : JSON.stringify(body))
    const answer = await fetch(`${office.url}${path ?? place}`, {
      method,
      redirect: 'manual',
      headers: {
        cookie,
        'x-bandecheng': '1',
        'x-forwarded-for': `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses++ & 255}`,
        ...(sent === undefined ? {} : { 'content-type': type ?? 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: typeof sent === 'string' ? sent : new Uint8Array(sent) }),
    })
    const text = await answer.text()
    return { status: answer.status, text, code: /^\{"code":"(\w+)"/.exec(text)?.[1] ?? '' }
  }
  const asDesk = async <T>(route: string, body: unknown): Promise<T> => {
    const { status, text } = await request(route, { cookie: desk.cookie, body })
    if (status !== 200) throw new Error(`${route}: ${status} ${text}`)
    return JSON.parse(text) as T
  }
  const row = async (table: string, values: Row): Promise<number> => {
    await db.write((sql) => sql.insert(table, [values]))
    return (await db.read.all<{ id: number }>(`SELECT MAX(id) AS id FROM "${table}"`))[0]?.id ?? 0
  }
  const job = (kind: string, state: string): Promise<number> =>
    row('Job', {
      kind,
      uniqueKey: randomUUID(),
      orderKey: '',
      payload: '{}',
      runAt: office.now(),
      createdAt: office.now(),
      state,
      attempts: 0,
      leasedUntil: 0,
      doneAt: null,
      lastError: null,
    })

  async function aTalk(cookie: string): Promise<string> {
    const citizen = createChatClient(office.url, cookie)
    await citizen.connect()
    await citizen.say('我叫欧阳明月，电话13900001111，办不动产证跑了三趟不给办')
    await citizen.say('转人工')
    citizen.drop()
    const personId = personIdOf('web', cookie.split(/[=.]/)[1] ?? '')
    return (await conversationOf(db.read, office.shell.cipher, personId))?.id ?? ''
  }

  /** Told in a talk by a citizen who gave that name and number, registered by the desk, triaged and assigned. */
  async function aCase(facts: Readonly<Record<string, unknown>>, cause: string, lead: string): Promise<Subject> {
    const talkId = await aTalk(await visitorCookie(office.url))
    const { row: made } = await asDesk<{ row: { id: string; number: string } }>(`POST /api/staff/conversations/${talkId}/register`, {
      commandId: randomUUID(),
      demand: 'cannot',
      facts: { name: '欧阳明月', phone: '13900001111', matter: '不动产证', story: '跑了三趟不给办', ...facts },
    })
    const go = async (command: object): Promise<void> => {
      const [{ version } = { version: 0 }] = await db.read.all<{ version: number }>('SELECT version FROM "Ticket" WHERE id = ?', [made.id])
      await asDesk(`POST /api/staff/tickets/${made.id}/commands`, { commandId: randomUUID(), version, command })
    }
    await go({ type: 'triage', demandClass: 'bottleneck', level: 3, cause, category: '不动产', lead, reason: '核实' })
    await go({ type: 'assign', note: '请核实' })
    await go({ type: 'task', unit: 'market', text: '查企业登记', allowance: { amount: 2, unit: 'workingDays' } })
    const { text } = await request('POST /api/progress', { body: { number: made.number, phone: '13900001111' } })
    const { pass } = JSON.parse(text) as ProgressView
    const filed = await request('POST /api/case/files', {
      path: `/api/case/files?key=${randomUUID()}&name=paper.pdf`,
      headers: { 'x-bandecheng-pass': pass },
      bytes: paper(),
      type: 'application/octet-stream',
    })
    return { ...made, talkId, pass, fileId: (JSON.parse(filed.text) as FileView).id }
  }
  const subjects: Record<Kind, Subject> = {
    ordinary: await aCase({}, '材料缺失', 'natural'),
    confidential: await aCase({ confidential: true, department: '自然资源局' }, '材料缺失', 'tax'),
    reported: await aCase({ department: '自然资源局', story: '跑了三趟不给办，工作人员索要好处费才给办' }, '吃拿卡要', 'tax'),
  }
  // Two of a kind are a finding of the review.
  await aCase({ story: '缺票据，跑了三趟不给办' }, '材料缺失', 'natural')

  // And an improvement that the unit complained of owns, of cases that are kept from it.
  await aCase({ confidential: true, department: '自然资源局', story: '又缺票据，跑了三趟不给办' }, '材料缺失', 'tax')
  await asDesk('POST /api/staff/improvements', { ...key(), ...finding, lead: 'tax', ...plan })
  const opened = { version: 1, title: '窗口制度', content: '内容', effectiveOn: '2026-06-01', draft: false, public: true }
  await asDesk('POST /api/staff/documents/window', opened)

  const [visitor, other] = [await visitorCookie(office.url), await visitorCookie(office.url)]
  const talk = await aTalk(visitor)
  const upload = (await send(office.url, visitor, paper(), 'paper.pdf')).body

  return {
    office,
    sessions,
    subjects,
    people,
    desk,
    visitor,
    other,
    upload,
    talk,
    enter,
    request,
    asDesk,
    row,
    job,
    close: async (): Promise<void> => {
      await office.close()
      await provider.close()
    },
  }
}

// ── what staff ask ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

export type Asking = { readonly world: AccessWorld; readonly who: Member; readonly id: string; readonly kind: Kind }
export type StaffRow = {
  /** A request that must be answered to whoever may ask it. */
  readonly ask?: (asking: Asking) => Attempt | Promise<Attempt>
  /** Answers that only those get who have passed the guard. */
  readonly passed?: readonly string[]
  /** Answers that refuse, besides 401 and 403. */
  readonly refused?: readonly string[]
  /** The thing is one that some may not know of: for them it must be as if it did not exist. */
  readonly hides?: 'case' | 'file' | 'talk' | 'thing'
  /** Open also to those who are not logged in. */
  readonly open?: true
}

const key = (): { readonly commandId: string } => ({ commandId: randomUUID() })
const body = (value: unknown) => (): Attempt => ({ body: value })
/** With a session of an account that nobody else uses: for what ends or changes it. */
const own =
  (make: (account: { readonly account: string; readonly cookie: string }, asking: Asking) => Attempt | Promise<Attempt>) =>
  async (asking: Asking): Promise<Attempt> => {
    const entered = asking.who.roles.length > 0 ? await asking.world.enter(asking.who) : { account: 'nobody', cookie: '' }
    return { cookie: entered.cookie, ...(await make(entered, asking)) }
  }
const at = (path: string): Attempt => ({ path: `/api/staff${path}` })
const aCaseRow: StaffRow = { hides: 'case' }
const aFile = (path: string): Attempt => ({ ...at(`${path}?key=${randomUUID()}&name=paper.pdf`), bytes: paper(), type: 'application/octet-stream' })
const aTalkRow: StaffRow = { hides: 'talk' }

async function versionOf({ world, id }: Asking): Promise<number> {
  return (await world.office.shell.db.read.all<{ version: number }>('SELECT version FROM "Ticket" WHERE id = ?', [id]))[0]?.version ?? 1
}

async function invited({ world, kind, id }: Asking): Promise<Attempt> {
  const { rows } = await world.asDesk<{ rows: { invitation: string; state: string }[] }>(`POST /api/staff/tickets/${world.subjects[kind].id}/links`, {
    ...key(),
    unit: '驻外使馆商务处',
    question: '能否远程认证？',
  })
  const invitation = rows.findLast(({ state }) => state === 'open')?.invitation ?? ''
  return { ...at(`/tickets/${id}/links/${invitation}/revoke`), body: {} }
}

async function freshGuide({ world }: Asking, department: string): Promise<object> {
  const [guide] = [...world.office.shell.knowledge.current().guides.values()].filter((one) => one.department === department)
  return { guide: { ...guide, id: `access-${randomUUID().slice(0, 8)}`, title: `试写${randomUUID()}` }, isNew: true }
}

async function aDraft(asking: Asking): Promise<object> {
  return asking.world.asDesk<object>('POST /api/staff/guides', await freshGuide(asking, 'natural'))
}

async function improvementOf({ world }: Asking): Promise<{ id: string; version: number }> {
  return world.asDesk('POST /api/staff/improvements', { ...key(), ...finding, ...plan })
}
const plan = { title: '契税票据线上补开', measure: '共享票据信息', owner: 'natural', dueOn: '2026-06-15' }
const finding = { from: '2026-06-01', to: '2026-06-30', category: '不动产', cause: '材料缺失', lead: 'natural' }

/** Staff see a thing of their own here: what is another's is looked at where that matters, in the tests of the thing. */
const noticeOf = ({ world, who }: Asking): Promise<number> =>
  world.row('Notice', {
    uniqueKey: randomUUID(),
    unit: null,
    role: null,
    staffId: world.sessions.get(who)?.id ?? null,
    ticketId: null,
    text: '',
    at: world.office.now(),
    doneAt: null,
    doneBy: null,
  })

async function orders(): Promise<Buffer> {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet('工单')
  sheet.addRow(['12345工单号', '姓名', '联系电话', '诉求内容', '是否保密'])
  sheet.addRow(['SR-1', '王五', '13900005555', '社保卡补不了', '否'])
  return Buffer.from(await book.xlsx.writeBuffer())
}

/** A request of each route that staff have. One without a line here fails the test. */
export const staffRows: Readonly<Record<string, StaffRow>> = {
  'POST /api/staff/login': { open: true, ask: own(({ account }) => ({ body: { account, password: testPassword } })), refused: ['login'] },
  'POST /api/staff/logout': { open: true, ask: own(() => ({ body: {} })) },
  'GET /api/staff/sign-on': { open: true },
  'GET /api/staff/sign-on/begin': { open: true },
  'GET /api/staff/sign-on/callback': { open: true },
  'GET /api/staff/me': {},
  'POST /api/staff/password': { ask: own(() => ({ body: { current: testPassword, next: `${testPassword}-2` } })) },
  'GET /api/staff/sessions': {},
  'POST /api/staff/sessions/:id/end': { ask: own(({ cookie }) => ({ ...at(`/sessions/${hashOf(cookie.split('=')[1] ?? '')}/end`), body: {} })) },
  'POST /api/staff/second-factor': { ask: own(() => ({ body: {} })) },
  'POST /api/staff/second-factor/bind': {
    ask: own((_, { world }) => {
      const secret = new Secret({ size: 20 })
      return { body: { secret: secret.base32, code: new TOTP({ secret }).generate({ timestamp: world.office.now() }) } }
    }),
  },
  'POST /api/staff/second-factor/unbind': { ask: own(() => ({ body: { password: testPassword } })) },
  'GET /api/staff/names': {},
  'GET /api/staff/people': {},
  'POST /api/staff/people': { ask: () => ({ body: { account: randomUUID(), name: '新人', roles: ['clerk'] } }) },
  'POST /api/staff/people/:id': {
    ask: async ({ world, who }) => ({ ...at(`/people/${(await world.enter(who)).id}`), body: { name: '改名', roles: ['clerk'] } }),
  },
  'POST /api/staff/people/:id/reset': { ask: async ({ world, who }) => ({ ...at(`/people/${(await world.enter(who)).id}/reset`), body: {} }) },
  'POST /api/staff/people/:id/disable': {
    ask: async ({ world, who }) => ({ ...at(`/people/${(await world.enter(who)).id}/disable`), body: { disabled: true } }),
  },
  'GET /api/staff/handles': {},
  'POST /api/staff/handles/code': { ask: body({}) },
  'POST /api/staff/handles/:platform/drop': {
    ask: async ({ world, who }) => {
      const staffId = world.sessions.get(who)?.id
      if (staffId) await world.office.shell.db.write((sql) => sql.insert('StaffHandle', [{ staffId, platform: 'dingtalk', externalId: staffId, at: 1 }]))
      return { ...at('/handles/dingtalk/drop'), body: {} }
    },
  },
  'GET /api/staff/conversations': {},
  'GET /api/staff/conversations/:id': aTalkRow,
  'POST /api/staff/conversations/:id/reveal': { ...aTalkRow, ask: body({}) },
  'POST /api/staff/conversations/:id/commands': {
    ...aTalkRow,
    ask: () => ({ body: { ...key(), version: 0, command: { type: 'takeover' } } }),
    passed: ['taken'],
  },
  'POST /api/staff/conversations/:id/register': { ...aTalkRow, ask: () => ({ body: { ...key(), demand: 'cannot', facts: { matter: '不动产证' } } }) },
  'POST /api/staff/conversations/:id/notes': { ...aTalkRow, ask: () => ({ body: { id: randomUUID(), text: '请留意' } }) },
  'GET /api/staff/tickets/:id/notes': aCaseRow,
  'POST /api/staff/tickets/:id/notes': { ...aCaseRow, ask: () => ({ body: { id: randomUUID(), text: '请留意' } }) },
  'GET /api/staff/phrases': {},
  'POST /api/staff/phrases': { ask: body({ version: 0, rows: ['您好'] }), passed: ['stale'] },
  'GET /api/staff/tickets': {},
  'GET /api/staff/tickets/:id': aCaseRow,
  'POST /api/staff/tickets/:id/reveal': { ...aCaseRow, ask: body({}) },
  // Which step is whose is the table of steps.
  'POST /api/staff/tickets/:id/commands': {
    ...aCaseRow,
    ask: async (asking) => ({ body: { ...key(), version: await versionOf(asking), command: { type: 'amend', facts: { address: '鼓楼西街' } } } }),
    passed: ['wrongRole'],
  },
  'POST /api/staff/tickets': { ask: () => ({ body: { ...key(), channel: 'phone', demand: 'cannot', facts: { matter: '社保卡' } } }) },
  'GET /api/staff/texts': {},
  'GET /api/staff/texts/list.xlsx': {},
  'POST /api/staff/texts': { ask: async ({ world }) => ({ body: { ids: [await world.job('deliver', 'hand')], sent: true } }) },
  'POST /api/staff/alike': { ask: body({ facts: { matter: '不动产证' } }) },
  'GET /api/staff/tickets/:id/alike': aCaseRow,
  'POST /api/staff/tickets/:id/additions': { ...aCaseRow, ask: () => ({ body: { ...key(), channel: 'phone', facts: { story: '又来电' } } }) },
  'GET /api/staff/files/:id': { hides: 'file' },
  'GET /api/staff/tickets/:id/files': aCaseRow,
  'POST /api/staff/tickets/:id/files': { ...aCaseRow, ask: ({ id }) => aFile(`/tickets/${id}/files`), refused: ['access'] },
  'POST /api/staff/conversations/:id/files': { ...aTalkRow, ask: ({ id }) => aFile(`/conversations/${id}/files`), passed: ['notYours', 'channel'] },
  'GET /api/staff/today': {},
  'GET /api/staff/alarms': {},
  'POST /api/staff/notices/:id/done': { ask: async (asking) => ({ ...at(`/notices/${await noticeOf(asking)}/done`), body: {} }) },
  'GET /api/staff/dashboard': {},
  'GET /api/staff/views': {},
  'POST /api/staff/views': { ask: body({ version: 0, rows: [] }) },
  'GET /api/staff/audit': {},
  'GET /api/staff/jobs/dead': {},
  'POST /api/staff/jobs/:id/retry': { ask: async ({ world }) => ({ ...at(`/jobs/${await world.job('access', 'dead')}/retry`), body: {} }) },
  'GET /api/staff/health': {},
  'GET /api/staff/ledgers': {},
  'GET /api/staff/ledgers/:file': { ask: () => at('/ledgers/intake') },
  'GET /api/staff/tickets/:id/papers': aCaseRow,
  'GET /api/staff/tickets/:id/papers/:name': { ...aCaseRow, ask: ({ id }) => at(`/tickets/${id}/papers/receipt`) },
  'GET /api/staff/report/:month': { ask: () => at('/report/2026-06') },
  'GET /api/staff/policy': {},
  'GET /api/staff/policy/history': {},
  'POST /api/staff/policy': { ask: ({ world }) => ({ body: { version: 1, policy: world.office.shell.knowledge.current().office.policy } }), passed: ['stale'] },
  'GET /api/staff/calendar': {},
  'POST /api/staff/calendar/:year': {
    ask: async ({ world }) => ({ ...at('/calendar/2026'), body: (await calendarYears(world.office.shell.db)).find(({ year }) => year === 2026) }),
  },
  'GET /api/staff/departments': {},
  'POST /api/staff/departments': { ask: () => ({ body: { name: randomUUID(), aliases: [], duties: '' } }) },
  'POST /api/staff/departments/:id': {
    ask: ({ world }) => {
      const { id, ...was } = world.office.shell.knowledge.current().office.departments.find((one) => one.id === 'tax') ?? { id: '' }
      return { ...at(`/departments/${id}`), body: { was, next: was } }
    },
  },
  'GET /api/staff/review': { ask: () => at('/review?from=2026-06-01&to=2026-06-30') },
  'GET /api/staff/improvements': {},
  'POST /api/staff/improvements': {
    ask: () => ({ body: { ...key(), ...finding, ...plan } }),
    // Who sees no such cases finds nothing that could be improved.
    refused: ['wrongRole', 'malformed'],
  },
  'POST /api/staff/improvements/:id/commands': {
    ask: async (asking) => {
      const { id, version } = await improvementOf(asking)
      const command = { type: 'assign', owner: 'natural', dueOn: '2026-06-20', reason: '延后' }
      return { ...at(`/improvements/${asking.id === absent ? absent : id}/commands`), body: { ...key(), version, command } }
    },
    refused: ['wrongRole'],
    hides: 'thing',
  },
  'GET /api/staff/tickets/:id/links': aCaseRow,
  'POST /api/staff/tickets/:id/links': { ...aCaseRow, ask: () => ({ body: { ...key(), unit: '驻外使馆商务处', question: '能否远程认证？' } }) },
  'POST /api/staff/tickets/:id/links/:invitation/revoke': { ...aCaseRow, ask: invited },
  'GET /api/staff/documents': {},
  'GET /api/staff/documents/:id': { ask: () => at('/documents/plan') },
  'POST /api/staff/documents/:id': {
    ask: () => ({ ...at('/documents/plan'), body: { version: 1, title: '方案', content: '内容', draft: true, public: false } }),
    passed: ['stale'],
  },
  'GET /api/staff/documents/:id/print': { ask: () => at('/documents/plan/print') },
  'GET /api/staff/guides': {},
  'GET /api/staff/guides.xlsx': { ask: () => at('/guides.xlsx?field=none') },
  'POST /api/staff/guides/import': {
    ask: async ({ world }) => {
      const knowledge = world.office.shell.knowledge.current()
      const guides = [...knowledge.guides.values()].slice(0, 2)
      return {
        bytes: await writeBook(guides, { departments: knowledge.office.departments, fields: new Set(guides.map(({ field }) => field)) }),
        type: xlsxType,
      }
    },
  },
  'GET /api/staff/guides/:id': { ask: () => at('/guides/estate-new-home') },
  'POST /api/staff/guides': { ask: async (asking) => ({ body: await freshGuide(asking, 'natural') }), refused: ['guide'] },
  'POST /api/staff/guides/decisions': {
    ask: async (asking) => ({ body: { keys: [await aDraft(asking)], state: 'rejected', reason: '再核' } }),
    refused: ['guide'],
  },
  'POST /api/staff/guides/trial': { ask: body({ question: '不动产证怎么办' }) },
  'GET /api/staff/missed': {},
  'POST /api/staff/missed/take': { ask: body({ ids: [1], take: true }) },
  'POST /api/staff/missed/ignore': { ask: body({ ids: [1], reason: '无关' }), passed: ['stale'] },
  'POST /api/staff/missed/names': {
    ask: () => ({ body: { ids: [], guideId: 'estate-new-home', names: [`房本${randomUUID().slice(0, 6)}`], asks: [] } }),
    passed: ['guide'],
  },
  'GET /api/staff/webhooks': {},
  'POST /api/staff/webhooks/:id/replay': { ask: async ({ world }) => ({ ...at(`/webhooks/${await world.job('webhook', 'done')}/replay`), body: {} }) },
  'POST /api/staff/exchange/12345': { ask: async () => ({ bytes: await orders(), type: xlsxType }) },
  'GET /api/staff/exchange/12345.xlsx': {},
}

// ── what everybody else asks ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The one whom it is about, another one of the same kind, and somebody with nothing in hand. */
export const sides = { own: '本人', other: '别人', none: '没有凭证' } as const
export type Side = keyof typeof sides
export type OpenRow = {
  readonly ask?: (world: AccessWorld, side: Side) => Attempt | Promise<Attempt>
  readonly refused?: readonly string[]
  readonly passed?: readonly string[]
}

const cookieOf = (world: AccessWorld, side: Side): string => ({ own: world.visitor, other: world.other, none: '' })[side]
const asVisitor =
  (more: (world: AccessWorld) => Attempt = () => ({})) =>
  (world: AccessWorld, side: Side): Attempt => ({ cookie: cookieOf(world, side), ...more(world) })
/** With the pass of the case, with a pass whose signature belongs to another case, without one. */
const withPass =
  (make: (world: AccessWorld) => Attempt = () => ({})) =>
  (world: AccessWorld, side: Side): Attempt => {
    const { ordinary, reported } = world.subjects
    const swapped = [ordinary.id, ...reported.pass.split('.').slice(1)].join('.')
    const pass = { own: ordinary.pass, other: swapped, none: '' }[side]
    return { ...make(world), headers: { 'x-bandecheng-pass': pass } }
  }
const keyed = (more: object) => (): Attempt => ({ body: { key: randomUUID(), ...more } })

async function linkOf(world: AccessWorld, side: Side): Promise<Attempt> {
  const { url = '' } = JSON.parse((await world.request('GET', { path: `/api/files/${world.upload.id}`, cookie: world.visitor })).text) as FileView
  return { path: { own: url, other: url.replace(/viewer=[^&]*/, 'viewer=person%3Aanother'), none: `/api/files/${world.upload.id}/content` }[side] }
}

async function outsideToken(world: AccessWorld, side: Side): Promise<string> {
  const path = `POST /api/staff/tickets/${world.subjects.ordinary.id}/links`
  const { address } = await world.asDesk<{ address: string }>(path, { ...key(), unit: '驻外使馆商务处', question: '能否远程认证？' })
  const token = address.split('#')[1] ?? ''
  return { own: token, other: token.split('').reverse().join(''), none: '' }[side]
}

/** The platform's own push, one that another has signed, one that nobody has signed. */
function wechatPush(world: AccessWorld, side: Side): Attempt {
  const [timestamp, nonce] = [String(Math.floor(world.office.now() / 1_000)), randomUUID().slice(0, 8)]
  const token = side === 'own' ? wechatToken : 'another_token'
  const signature = createHash('sha1').update([token, timestamp, nonce].sort().join('')).digest('hex')
  const query = side === 'none' ? '' : `?${new URLSearchParams({ signature, timestamp, nonce, echostr: 'hello' })}`
  return { path: `/api/channels/wechat${query}` }
}

const smsPath = (_: AccessWorld, side: Side): Attempt => ({
  path: `/api/channels/sms/${{ own: smsSecret, other: `${smsSecret.slice(0, -1)}x`, none: 'x' }[side]}`,
})

function asPartner(world: AccessWorld, side: Side, method: string, path: string, sent?: unknown): Attempt {
  if (side === 'none') return { path, body: sent }
  const text = sent === undefined ? '' : JSON.stringify(sent)
  const secret = side === 'own' ? partnerSecret : 'another-secret-of-more-than-thirty-two-letters'
  return { path, body: sent, headers: signedHeaders({ method, path, body: text, now: world.office.now() }, { secret }) }
}

export const openRows: Readonly<Record<string, OpenRow>> = {
  'GET /api/openapi.json': {},
  'GET /api/office': {},
  'GET /api/public/guides/:id': { ask: () => ({ path: '/api/public/guides/estate-new-home' }) },
  'GET /api/public/figures': {},
  'GET /api/public/flowchart.svg': {},
  'GET /api/public/documents': {},
  'GET /api/public/documents/:id': { ask: () => ({ path: '/api/public/documents/window' }) },
  'GET /api/open311/v2/services.json': {},
  'GET /api/open311/v2/requests.json': {},
  'GET /api/open311/v2/requests/:id.json': { ask: ({ subjects }) => ({ path: `/api/open311/v2/requests/${subjects.ordinary.number}.json` }) },
  'POST /api/visitor': { ask: asVisitor(() => ({ body: {} })) },
  'POST /api/progress': {
    ask: ({ subjects }, side) => ({ body: { number: subjects.ordinary.number, phone: { own: '13900001111', other: '13900003333', none: '' }[side] } }),
    refused: ['noProgress'],
  },
  'GET /api/case': { ask: withPass() },
  'POST /api/case/add': { ask: withPass(keyed({ text: '补充' })) },
  'POST /api/case/rate': { ask: withPass(keyed({ solved: 'no' })), passed: ['rated'] },
  'POST /api/case/files': {
    ask: withPass(() => ({ path: `/api/case/files?key=${randomUUID()}&name=paper.pdf`, bytes: paper(), type: 'application/octet-stream' })),
  },
  'GET /api/case/files/:id': { ask: withPass(({ subjects }) => ({ path: `/api/case/files/${subjects.ordinary.fileId}` })) },
  'POST /api/files': {
    ask: asVisitor(() => ({ path: `/api/files?key=${randomUUID()}&name=paper.pdf`, bytes: paper(), type: 'application/octet-stream' })),
  },
  'GET /api/files/:id': { ask: asVisitor(({ upload }) => ({ path: `/api/files/${upload.id}` })), refused: ['notFound'] },
  'GET /api/files/:id/content': { ask: linkOf, refused: ['malformed'] },
  'GET /api/mine': { ask: asVisitor() },
  'GET /api/mine/export': { ask: asVisitor() },
  'POST /api/mine/correct': { ask: asVisitor(() => ({ body: { name: '欧阳' } })), refused: ['notFound'] },
  'POST /api/resume/code': { ask: asVisitor(() => ({ body: {} })), refused: ['notFound'] },
  'POST /api/resume': {
    ask: async (world, side) => {
      const { code } = JSON.parse((await world.request('POST /api/resume/code', { cookie: world.visitor, body: {} })).text) as { code: string }
      return { body: { code: { own: code, other: code === '00000000' ? '00000001' : '00000000', none: '--------' }[side] } }
    },
    refused: ['notFound'],
  },
  'POST /api/outside': { ask: async (world, side) => ({ body: { token: await outsideToken(world, side) } }), refused: ['notFound'] },
  'POST /api/outside/answer': {
    ask: async (world, side) => ({ body: { token: await outsideToken(world, side), name: '王某', text: '可以' } }),
    refused: ['notFound'],
  },
  'GET /api/channels/:name': { ask: wechatPush },
  'POST /api/channels/:name': {
    ask: (world, side) => ({
      ...wechatPush(world, side),
      type: 'text/xml',
      bytes: Buffer.from(
        `<xml><ToUserName>gh</ToUserName><FromUserName>o1</FromUserName><CreateTime>${Math.floor(world.office.now() / 1_000)}</CreateTime><MsgType>text</MsgType><Content>hi</Content><MsgId>${Date.now()}</MsgId></xml>`,
      ),
    }),
  },
  'GET /api/channels/:name/*': { ask: smsPath, passed: ['malformed'] },
  'POST /api/channels/:name/*': { ask: (world, side) => ({ ...smsPath(world, side), body: { phone: '13900004444', text: '你好', id: randomUUID() } }) },
  'POST /api/partner/tickets': {
    ask: (world, side) => asPartner(world, side, 'POST', '/api/partner/tickets', { externalId: 'access-1', facts: { story: '不给办' } }),
  },
  'GET /api/partner/tickets/:externalId': { ask: (world, side) => asPartner(world, side, 'GET', '/api/partner/tickets/access-1') },
  // Last: after these there is nothing left to ask for.
  'POST /api/case/withdraw': { ask: withPass(keyed({})) },
  'POST /api/mine/delete': { ask: asVisitor(() => ({ body: {} })), refused: ['notFound'] },
}
