import { randomUUID } from 'node:crypto'
import type { ConversationCommand, ConversationRow, ConversationView, Problem, TicketRow, TicketView } from '../../api/contract.ts'

export type Answered<T> = { readonly status: number; readonly body: T }

/** A member of staff at the console's HTTP interface. */
export type StaffClient = {
  readonly get: <T>(path: string) => Promise<Answered<T>>
  readonly post: <T = Problem>(path: string, body?: unknown) => Promise<Answered<T>>
  readonly waiting: () => Promise<readonly ConversationRow[]>
  readonly tickets: (query?: string) => Promise<readonly TicketRow[]>
  readonly ticket: (id: string) => Promise<TicketView>
  /** a command on a case, on its newest version */
  readonly command: (id: string, command: { readonly type: string } & Readonly<Record<string, unknown>>) => Promise<Answered<TicketView & Problem>>
  readonly talk: (id: string, command: ConversationCommand) => Promise<Answered<ConversationView & Problem>>
  readonly cookie: () => string
}

export const testPassword = 'Test-password-2026'

export function createStaffClient(
  url: string,
  known = '',
): StaffClient & {
  readonly stayLoggedIn: (account: string, password: string) => void
  readonly login: (account: string, password: string) => Promise<Answered<{ mustChangePassword?: boolean } & Partial<Problem>>>
} {
  let cookie = known
  let credentials: { account: string; password: string } | undefined
  const call = async <T>(method: string, path: string, body?: unknown): Promise<Answered<T>> => {
    const answer = await fetch(`${url}/api/staff${path}`, {
      method,
      headers: { cookie, 'x-bandecheng': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const set = answer.headers.getSetCookie()[0]
    if (set) cookie = set.split(';')[0] ?? ''
    const text = await answer.text()
    // Sessions end while a test's clock runs on by days: people log in again in the morning.
    if (answer.status === 401 && credentials && path !== '/login') {
      const again = credentials
      credentials = undefined
      if ((await call('POST', '/login', again)).status === 200) {
        credentials = again
        return call<T>(method, path, body)
      }
    }
    return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T }
  }
  const get = <T>(path: string) => call<T>('GET', path)
  const post = <T>(path: string, body: unknown = {}) => call<T>('POST', path, body)
  const ticket = async (id: string): Promise<TicketView> => (await get<TicketView>(`/tickets/${id}`)).body
  return {
    get,
    post,
    ticket,
    login: async (account, password) => {
      const answer = await post<{ mustChangePassword?: boolean } & Partial<Problem>>('/login', { account, password })
      return answer
    },
    stayLoggedIn: (account, password) => {
      credentials = { account, password }
    },
    waiting: async () => (await get<{ rows: ConversationRow[] }>('/conversations?state=waiting')).body.rows,
    tickets: async (query = '') => (await get<{ rows: TicketRow[] }>(`/tickets${query}`)).body.rows,
    command: async (id, command) => post(`/tickets/${id}/commands`, { commandId: randomUUID(), version: (await ticket(id)).row.version, command }),
    talk: (id, command) => post(`/conversations/${id}/commands`, { commandId: randomUUID(), version: 0, command }),
    cookie: () => cookie,
  }
}

/** Logs in with a one-time password and changes it, as everyone must. */
export async function logIn(url: string, account: string, oneTime: string): Promise<StaffClient> {
  const staff = createStaffClient(url)
  await staff.login(account, oneTime)
  await staff.post('/password', { current: oneTime, next: testPassword })
  return staff
}
