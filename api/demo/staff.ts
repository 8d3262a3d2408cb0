import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { hourMs } from '../../casework/day.ts'
import type { DemoPerson } from '../../prisma/seed/demo.ts'
import { createStaff, recordLogin, setPassword } from '../../prisma/staff.ts'
import type { ConversationView, TicketRow, TicketView, TodayView } from '../contract.ts'
import { cookieName, hashPassword } from '../session.ts'
import type { Shell } from '../shell.ts'
import { hashOf, newOneTimePassword, newSessionToken } from '../tokens.ts'

export type Hired = { readonly account: string; readonly name: string; readonly password: string }

/** People of the demo at the console's HTTP interface: every rule of the routes holds for them as for anybody. */
export type DemoStaff = {
  readonly hire: (people: readonly DemoPerson[]) => Promise<readonly Hired[]>
  readonly register: (who: string, body: Readonly<Record<string, unknown>>) => Promise<TicketView>
  readonly ticket: (who: string, id: string) => Promise<TicketView>
  readonly find: (who: string, number: string) => Promise<string | undefined>
  readonly command: (who: string, id: string, version: number, command: { readonly type: string }) => Promise<void>
  readonly talk: (who: string, conversationId: string, command: { readonly type: string }) => Promise<void>
  readonly policy: (who: string, change: (policy: Policy) => unknown) => Promise<void>
  /** ticks off what this person has been told before `before` */
  readonly tidy: (who: string, before: number) => Promise<void>
}

type Policy = { readonly centre: object }

/** Nobody stays away from the console for so long that the session ends, nor longer than a day's work. */
const sessionMs = 1.5 * hourMs

export function createDemoStaff(app: FastifyInstance, { db, cipher, now }: Pick<Shell, 'db' | 'cipher' | 'now'>): DemoStaff {
  const sessions = new Map<string, { readonly token: string; readonly at: number }>()
  const cookie = async (who: string): Promise<string> => {
    const known = sessions.get(who)
    if (known && now() - known.at < sessionMs) return `${cookieName}=${known.token}`
    // The login itself without the time that a password check takes on purpose.
    const token = newSessionToken()
    await recordLogin(db, cipher, { staffId: who, tokenHash: hashOf(token), device: '', now: now() })
    sessions.set(who, { token, at: now() })
    return `${cookieName}=${token}`
  }
  const call = async <T>(who: string, method: 'GET' | 'POST', path: string, body?: object): Promise<T> => {
    const headers = { cookie: await cookie(who), 'x-bandecheng': '1' }
    const answer = await app.inject({ method, url: `/api/staff${path}`, headers, ...(body && { payload: body }) })
    if (answer.statusCode >= 300) throw new Error(`${who} ${path} ${JSON.stringify(body)}: ${answer.body}`)
    return answer.body ? answer.json<T>() : (undefined as T)
  }
  return {
    hire: async (people) => {
      const hired: Hired[] = []
      for (const { account, name, roles, unit } of people) {
        const password = newOneTimePassword()
        const passwordHash = await hashPassword(password)
        await createStaff(db, { id: account, account, name, roles, unit, passwordHash, now: now() })
        await setPassword(db, account, passwordHash, false, now())
        hired.push({ account, name, password })
      }
      return hired
    },
    register: (who, body) => call(who, 'POST', '/tickets', { commandId: randomUUID(), ...body }),
    ticket: (who, id) => call(who, 'GET', `/tickets/${id}`),
    find: async (who, number) => (await call<{ rows: TicketRow[] }>(who, 'GET', `/tickets?q=${number}`)).rows[0]?.id,
    command: (who, id, version, command) => call(who, 'POST', `/tickets/${id}/commands`, { commandId: randomUUID(), version, command }),
    talk: async (who, id, command) => {
      const { version } = await call<ConversationView>(who, 'GET', `/conversations/${id}`)
      await call(who, 'POST', `/conversations/${id}/commands`, { commandId: randomUUID(), version, command })
    },
    policy: async (who, change) => {
      const { version, policy } = await call<{ version: number; policy: Policy }>(who, 'GET', '/policy')
      await call(who, 'POST', '/policy', { version, policy: change(policy) })
    },
    tidy: async (who, before) => {
      const { notices } = await call<TodayView>(who, 'GET', '/today')
      for (const notice of notices) if (notice.at < before) await call(who, 'POST', `/notices/${notice.id}/done`)
    },
  }
}
