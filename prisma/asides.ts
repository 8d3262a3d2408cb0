import type { HttpRequest, Instant } from '../channels/contract.ts'
import type { Cipher } from './cipher.ts'
import { enqueue } from './jobs.ts'
import type { Sql } from './sql.ts'

/** A request of a platform, as it came and when. */
export type Aside = { readonly channel: string; readonly at: Instant; readonly request: HttpRequest }

const placeOf = (id: string): string => `Aside/${id}`

/** Kept whole and sealed, with a job that deals with it should this process not come to it. */
export async function putAside(sql: Sql, cipher: Cipher, id: string, { request, ...aside }: Aside, runAt: Instant): Promise<void> {
  const sealed = cipher.seal({ ...aside, request: { ...request, body: request.body.toString('base64') } }, placeOf(id))
  await sql.insert('Aside', [{ id, sealed }])
  await enqueue(sql, [{ kind: 'aside', uniqueKey: `aside:${id}`, orderKey: `aside:${id}`, runAt, payload: { id } }], aside.at)
}

export async function asideOf(read: Sql, cipher: Cipher, id: string): Promise<Aside | undefined> {
  const [row] = await read.all<{ sealed: string }>('SELECT sealed FROM "Aside" WHERE id = ?', [id])
  if (!row) return undefined
  const { request, ...aside } = cipher.open<Omit<Aside, 'request'> & { request: Omit<HttpRequest, 'body'> & { body: string } }>(row.sealed, placeOf(id))
  return { ...aside, request: { ...request, body: Buffer.from(request.body, 'base64') } }
}

/** It is dealt with; what is stored twice is known by the platform's own keys. */
export async function dropAside(sql: Sql, id: string, now: Instant): Promise<void> {
  await sql.run('DELETE FROM "Aside" WHERE id = ?', [id])
  await sql.run(`UPDATE "Job" SET state = 'done', "doneAt" = ? WHERE "uniqueKey" = ? AND state <> 'done'`, [now, `aside:${id}`])
}
