import type { Instant } from '../casework/ticket.ts'
import type { Cipher } from './cipher.ts'
import type { Sql } from './sql.ts'

/** What a link asks of whom; `invitation` is the id of the line in the case's journal. */
export type Invitation = { readonly invitation: string; readonly unit: string; readonly question: string }
type Times = {
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly openedAt?: Instant
  readonly answeredAt?: Instant
  readonly revokedAt?: Instant
}
export type OutsideLink = Invitation & Times & { readonly tokenHash: string; readonly ticketId: string }

type LinkRow = {
  tokenHash: string
  ticketId: string
  sealed: string
  createdAt: number
  expiresAt: number
  openedAt: number | null
  answeredAt: number | null
  revokedAt: number | null
}

const place = (tokenHash: string): string => `OutsideLink/${tokenHash}`

function toLink({ sealed, openedAt, answeredAt, revokedAt, ...row }: LinkRow, cipher: Cipher): OutsideLink {
  return {
    ...row,
    ...cipher.open<Invitation>(sealed, place(row.tokenHash)),
    ...(openedAt === null ? {} : { openedAt }),
    ...(answeredAt === null ? {} : { answeredAt }),
    ...(revokedAt === null ? {} : { revokedAt }),
  }
}

const columns = '"tokenHash", "ticketId", sealed, "createdAt", "expiresAt", "openedAt", "answeredAt", "revokedAt"'

export async function saveLink(
  sql: Sql,
  cipher: Cipher,
  link: Invitation & {
    readonly tokenHash: string
    readonly ticketId: string
    readonly createdAt: Instant
    readonly createdBy: string
    readonly expiresAt: Instant
  },
): Promise<void> {
  const { invitation, unit, question, ...row } = link
  const sealed = cipher.seal({ invitation, unit, question }, place(row.tokenHash))
  await sql.insert('OutsideLink', [{ ...row, sealed, openedAt: null, answeredAt: null, revokedAt: null }])
}

export async function linkByToken(read: Sql, cipher: Cipher, tokenHash: string): Promise<OutsideLink | undefined> {
  const [row] = await read.all<LinkRow>(`SELECT ${columns} FROM "OutsideLink" WHERE "tokenHash" = ?`, [tokenHash])
  return row && toLink(row, cipher)
}

export async function linksOf(read: Sql, cipher: Cipher, ticketId: string): Promise<OutsideLink[]> {
  const rows = await read.all<LinkRow>(`SELECT ${columns} FROM "OutsideLink" WHERE "ticketId" = ? ORDER BY "createdAt" DESC`, [ticketId])
  return rows.map((row) => toLink(row, cipher))
}

/** The first time only: later openings say nothing new. */
export const markOpened = (sql: Sql, tokenHash: string, at: Instant): Promise<number> =>
  sql.run('UPDATE "OutsideLink" SET "openedAt" = ? WHERE "tokenHash" = ? AND "openedAt" IS NULL', [at, tokenHash])

export const markRevoked = (sql: Sql, tokenHash: string, at: Instant): Promise<number> =>
  sql.run('UPDATE "OutsideLink" SET "revokedAt" = ? WHERE "tokenHash" = ? AND "revokedAt" IS NULL', [at, tokenHash])

/** False when it was answered, revoked, or ran out: in the transaction of the answer, so that there is one. */
export async function markAnswered(sql: Sql, tokenHash: string, at: Instant): Promise<boolean> {
  const text = 'UPDATE "OutsideLink" SET "answeredAt" = ? WHERE "tokenHash" = ? AND "answeredAt" IS NULL AND "revokedAt" IS NULL AND "expiresAt" > ?'
  return (await sql.run(text, [at, tokenHash, at])) === 1
}
