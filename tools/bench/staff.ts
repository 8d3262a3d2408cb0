import { hashPassword } from '../../api/session.ts'
import type { Opened } from '../../api/start.ts'
import { createStaff, setPassword } from '../../prisma/staff.ts'

const credentials = { account: 'bench', password: 'a-password-for-bench-1' }

/** Somebody of the staff, to be there before the server is started. */
export async function hire({ shell: { db } }: Opened): Promise<void> {
  const { account, password } = credentials
  await createStaff(db, { id: account, account, name: account, roles: ['supervisor'], passwordHash: await hashPassword(password), now: Date.now() })
  await setPassword(db, account, await hashPassword(password), false, Date.now())
}

/** The cookie of a login. */
export async function login(address: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'x-bandecheng': '1' }
  const answer = await fetch(`${address}/api/staff/login`, { method: 'POST', headers, body: JSON.stringify(credentials) })
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
