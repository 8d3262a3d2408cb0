import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'

/** A conversation offered to somebody, still unanswered. */
export type Handover = {
  readonly id: string
  readonly conversationId: string
  readonly fromId: string
  readonly toId: string | undefined
  readonly toRole: string | undefined
  readonly note: string
  readonly at: number
}

type HandoverRow = Omit<Handover, 'toId' | 'toRole' | 'note'> & { readonly toId: string | null; readonly toRole: string | null; readonly sealed: string }

export async function openHandover(read: Sql, cipher: Cipher, conversationId: string): Promise<Handover | undefined> {
  const [row] = await read.all<HandoverRow>(`SELECT * FROM "Handover" WHERE "conversationId" = ? AND state = 'open' ORDER BY at DESC LIMIT 1`, [conversationId])
  if (!row) return undefined
  const { id, fromId, at } = row
  return {
    id,
    conversationId,
    fromId,
    toId: row.toId ?? undefined,
    toRole: row.toRole ?? undefined,
    note: cipher.open<string>(row.sealed, `Handover/${id}`),
    at,
  }
}

/** Takes the place of an earlier offer that nobody has answered. */
export async function offerHandover(sql: Sql, cipher: Cipher, { note, toId, toRole, ...offer }: Handover): Promise<void> {
  await closeHandovers(sql, offer.conversationId, 'recalled', offer.fromId, offer.at)
  const sealed = cipher.seal(note, `Handover/${offer.id}`)
  await sql.insert('Handover', [{ ...offer, toId: toId ?? null, toRole: toRole ?? null, sealed, state: 'open', decidedBy: null, decidedAt: null }])
}

/** How many were open and are answered now. */
export const closeHandovers = (sql: Sql, conversationId: string, state: 'accepted' | 'refused' | 'recalled', by: string, at: number): Promise<number> =>
  sql.run(`UPDATE "Handover" SET state = ?, "decidedBy" = ?, "decidedAt" = ? WHERE "conversationId" = ? AND state = 'open'`, [state, by, at, conversationId])
