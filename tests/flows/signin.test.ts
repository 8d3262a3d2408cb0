import { Secret, TOTP } from 'otpauth'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EnrolmentView, SessionView, StaffView } from '../../api/contract.ts'
import { createTestDatabase } from '../support/database.ts'
import { openOffice, openProcess, type TestOffice } from '../support/office.ts'
import { type Provider, startProvider } from '../support/provider.ts'
import { createStaffClient, type StaffClient, testPassword } from '../support/staff.ts'

let office: TestOffice
let wang: StaffClient
beforeEach(async () => {
  office = await openOffice()
  wang = await office.hire('wang', ['clerk'])
})
afterEach(() => office.close())

const codeAt = (secret: string, at: number): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })

async function bind(who: StaffClient): Promise<string> {
  const { secret } = (await who.post<EnrolmentView>('/second-factor')).body
  await who.post('/second-factor/bind', { secret, code: codeAt(secret, office.now()) })
  return secret
}

const tryLogin = async (code?: string) => {
  const client = createStaffClient(office.url)
  return (await client.post<{ code?: string }>('/login', { account: 'wang', password: testPassword, ...(code ? { code } : {}) })).body.code
}
const later = (seconds: number) => office.sleepTo(new Date(office.now() + seconds * 1_000).toISOString())

describe('the second factor', () => {
  test('is asked for after the right password only, and lets nobody in without it', async () => {
    const secret = await bind(wang)
    later(60)

    expect(await tryLogin()).toBe('codeRequired')
    expect(await tryLogin('000000')).toBe('wrongCode')
    expect(await tryLogin(codeAt(secret, office.now()))).toBeUndefined()
    const wrong = await createStaffClient(office.url).post<{ code: string }>('/login', { account: 'wang', password: 'not-his-1234' })
    expect(wrong.body.code).toBe('login')
  })

  test('takes each code once, that of the binding included', async () => {
    const secret = await bind(wang)

    expect(await tryLogin(codeAt(secret, office.now()))).toBe('wrongCode')
    later(30)
    const code = codeAt(secret, office.now())
    const both = await Promise.all([tryLogin(code), tryLogin(code)])
    expect(both.filter((problem) => problem === undefined)).toHaveLength(1)
  })

  test('counts wrong codes towards the lock', async () => {
    await bind(wang)
    for (let tries = 0; tries < 5; tries++) await tryLogin('000000')

    expect(await tryLogin('000000')).toBe('locked')
  })

  test('is not replaced by somebody who sits down at an open console', async () => {
    await bind(wang)
    const { secret } = (await wang.post<EnrolmentView>('/second-factor')).body

    expect((await wang.post('/second-factor/bind', { secret, code: codeAt(secret, office.now()) })).status).toBe(403)
    expect((await wang.post('/second-factor/unbind', { password: 'guessed-123' })).status).toBe(401)
    expect((await wang.post('/second-factor/unbind', { password: testPassword })).status).toBe(200)
  })
})

describe('what the office demands', () => {
  test('administrators without a second factor can do nothing but bind one', async () => {
    const strict = await openOffice({ TWO_FACTOR: 'admins' })
    const admin = await strict.hire('admin2', ['admin'])
    const clerk = await strict.hire('clerk', ['clerk'])

    expect((await clerk.get('/today')).status).toBe(200)
    expect((await admin.get<{ code: string }>('/people')).body.code).toBe('mustEnrol')
    const { secret } = (await admin.post<EnrolmentView>('/second-factor')).body
    await admin.post('/second-factor/bind', { secret, code: codeAt(secret, strict.now()) })
    expect((await admin.get('/people')).status).toBe(200)
    await strict.close()
  })

  test('a password that is too old must be changed before anything else', async () => {
    const strict = await openOffice({ PASSWORD_DAYS: '90' })
    const clerk = await strict.hire('clerk', ['clerk'])
    expect((await clerk.get('/today')).status).toBe(200)
    strict.sleepTo('2026-09-10T10:00:00+08:00')

    expect((await clerk.get<{ code: string }>('/today')).body.code).toBe('mustChangePassword')
    await clerk.post('/password', { current: testPassword, next: 'Another-2026-09' })
    expect((await clerk.get('/today')).status).toBe(200)
    await strict.close()
  })
})

describe('a password', () => {
  test.each([
    ['has no figure', 'only-letters-here'],
    ['has no letter', '1234567890123'],
    ['has fewer than ten characters', 'Short-1'],
    ['holds the name of the account', 'Guessable-guessed-1'],
    ['is the one of before', testPassword],
  ])('that %s is not taken', async (_, next) => {
    const own = await office.hire('guessed', ['clerk'])

    expect((await own.post('/password', { current: testPassword, next })).status).toBe(422)
  })

  test('that is wrong and an account that is not there take the same time, within a half', async () => {
    const stranger = createStaffClient(office.url)
    const timeOf = async (account: string): Promise<number> => {
      const started = performance.now()
      await stranger.login(account, 'wrong-password-1')
      return performance.now() - started
    }
    const medianOf = async (accounts: readonly string[]): Promise<number> => {
      const times: number[] = []
      for (const account of accounts) times.push(await timeOf(account))
      return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
    }
    await timeOf('warm-up')
    const [known, unknown] = [await medianOf(['wang', 'wang', 'wang']), await medianOf(['nobody-1', 'nobody-2', 'nobody-3'])]

    expect(unknown).toBeGreaterThan(known / 2)
  })

  test('that was tried five times locks the account at every process, also one that starts only then', async () => {
    const database = await createTestDatabase()
    const first = await openProcess(database)
    await first.hire('clerk', ['clerk'])
    for (let each = 0; each < 5; each++) await createStaffClient(first.url).login('clerk', 'wrong-password-1')
    const second = await openProcess(database)

    expect((await createStaffClient(second.url).login('clerk', testPassword)).body.code).toBe('locked')
    await second.close()
    await first.close()
  })
})

describe('a session', () => {
  const session = async () => {
    const one = createStaffClient(office.url)
    await one.login('wang', testPassword)
    return one
  }

  test('ends after twelve hours however busy it was', async () => {
    const busy = await session()
    const statuses: number[] = []
    for (let hour = 1; hour <= 12; hour++) {
      office.sleepTo(new Date(office.now() + 3_600_000).toISOString())
      statuses.push((await busy.get('/me')).status)
    }
    office.sleepTo(new Date(office.now() + 60_000).toISOString())

    expect(new Set(statuses)).toEqual(new Set([200]))
    expect((await busy.get('/me')).status).toBe(401)
  })

  test('ends at once when the password is changed elsewhere, and when the account is disabled', async () => {
    const admin = await office.hire('boss', ['admin'])
    const [here, there] = [await session(), await session()]
    await here.post('/password', { current: testPassword, next: 'Another-2026-09' })
    expect((await there.get('/me')).status).toBe(401)

    await here.login('wang', 'Another-2026-09')
    await admin.post('/people/wang/disable', { disabled: true })
    expect((await here.get('/me')).status).toBe(401)
    expect((await here.login('wang', 'Another-2026-09')).status).toBe(401)
  })

  test('goes over HTTPS alone where the office has it, and browsers are told to come back by it', async () => {
    const secure = await openOffice({ PUBLIC_ORIGIN: 'https://office.example' })
    await secure.hire('clerk', ['clerk'])
    const login = (url: string, account: string) =>
      fetch(`${url}/api/staff/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-bandecheng': '1' },
        body: JSON.stringify({ account, password: testPassword }),
      })
    const [over, plain] = [await login(secure.url, 'clerk'), await login(office.url, 'wang')]

    expect(over.headers.getSetCookie()[0]).toMatch(/HttpOnly.*Secure.*SameSite=Strict/)
    expect(over.headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/)
    expect([plain.headers.getSetCookie()[0], plain.headers.get('strict-transport-security')]).toEqual([expect.not.stringContaining('Secure'), null])
    await secure.close()
  })
})

test('people see where they are logged in and end what is not theirs, which is out at once', async () => {
  const elsewhere = createStaffClient(office.url)
  await elsewhere.login('wang', testPassword)
  const { rows } = (await wang.get<{ rows: SessionView[] }>('/sessions')).body
  const other = rows.find((session) => !session.current)
  expect(rows).toHaveLength(2)

  await wang.post(`/sessions/${other?.id}/end`)

  expect((await elsewhere.get('/today')).status).toBe(401)
  expect((await wang.get('/today')).status).toBe(200)
})

test('nobody ends a session of somebody else', async () => {
  const li = await office.hire('li', ['clerk'])
  const [own] = (await wang.get<{ rows: SessionView[] }>('/sessions')).body.rows

  expect((await li.post(`/sessions/${own?.id}/end`)).status).toBe(404)
  expect((await wang.get('/today')).status).toBe(200)
})

describe('sign-on through the identity provider', () => {
  let provider: Provider
  let joined: TestOffice
  beforeEach(async () => {
    provider = await startProvider('desk', 's3cret')
    joined = await openOffice({ OIDC_ISSUER: provider.url, OIDC_CLIENT_ID: 'desk', OIDC_CLIENT_SECRET: 's3cret' })
    await joined.hire('zhao', ['clerk'])
  })
  afterEach(async () => {
    await joined.close()
    await provider.close()
  })

  const begin = async () => {
    const answer = await fetch(`${joined.url}/api/staff/sign-on/begin`, { redirect: 'manual' })
    return { url: answer.headers.get('location') ?? '', cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  }
  const back = async (url: URL, cookie: string) => {
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    const session = answer.headers.getSetCookie().find((one) => one.startsWith('bdc_staff='))
    return { to: answer.headers.get('location'), session: session?.split(';')[0] }
  }

  test('lets in whom the provider vouches for, with the roles that stand here', async () => {
    const { url, cookie } = await begin()
    const { to, session } = await back(provider.approve(url, 'zhao'), cookie)

    expect(to).toBe('/console?signOn=done')
    const me = await fetch(`${joined.url}/api/staff/me`, { headers: { cookie: session ?? '' } })
    expect(((await me.json()) as StaffView).roles).toEqual(['clerk'])
  })

  test('lets in nobody whom the office has no account for', async () => {
    const { url, cookie } = await begin()

    expect(await back(provider.approve(url, 'stranger'), cookie)).toEqual({ to: '/console/login?signOn=unknown', session: undefined })
  })

  test('lets in nobody with an answer that belongs to another browser, or twice', async () => {
    const mine = await begin()
    const theirs = await begin()
    const answer = provider.approve(theirs.url, 'zhao')

    expect((await back(answer, mine.cookie)).session).toBeUndefined()
    expect((await back(answer, '')).session).toBeUndefined()
    const good = provider.approve(mine.url, 'zhao')
    expect((await back(good, mine.cookie)).session).toBeDefined()
    expect((await back(good, mine.cookie)).session).toBeUndefined()
  })
})
