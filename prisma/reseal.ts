import type { Cipher } from './cipher.ts'
import type { Database } from './database.ts'

type Sealed = {
  readonly table: string
  readonly column: string
  readonly keys: readonly string[]
  readonly place: (key: readonly (string | number)[]) => string
}

const inTable = (table: string, ...keys: readonly string[]): Sealed => ({ table, column: 'sealed', keys, place: (key) => [table, ...key].join('/') })

/** Every column that holds sealed values, and where its values belong. A test compares this with the schema. */
export const sealedColumns: readonly Sealed[] = [
  inTable('Conversation', 'id'),
  inTable('Message', 'conversationId', 'seq'),
  inTable('Ticket', 'id'),
  inTable('Journal', 'ticketId', 'seq'),
  inTable('ResumeCode', 'personId'),
  inTable('OutsideLink', 'tokenHash'),
  inTable('Note', 'id'),
  inTable('Handover', 'id'),
  inTable('Attachment', 'id'),
  inTable('PlatformToken', 'name'),
  inTable('Aside', 'id'),
  inTable('Seal', 'number'),
  { ...inTable('Missed', 'id'), place: () => 'Missed' },
  { ...inTable('Staff', 'id'), column: 'secondFactor', place: ([id]) => `Staff/${id}/secondFactor` },
]

const part = 500

type Row = Readonly<Record<string, string | number>> & { readonly value: string }

/**
 * Seals anew with the newest key what an older one sealed, while the office works: a value that was changed meanwhile is left to whoever changed
 * it. May be stopped and started again. Gives the number of values that were sealed anew.
 */
export async function reseal(db: Database, cipher: Cipher, tell: (table: string, done: number) => void = () => undefined): Promise<number> {
  let done = 0
  for (const sealed of sealedColumns) {
    done += await resealTable(db, cipher, sealed)
    tell(sealed.table, done)
  }
  return done
}

async function resealTable(db: Database, cipher: Cipher, { table, column, keys, place }: Sealed): Promise<number> {
  const names = keys.map((key) => `"${key}"`).join(', ')
  const update = `UPDATE "${table}" SET "${column}" = ? WHERE ${keys.map((key) => `"${key}" = ?`).join(' AND ')} AND "${column}" = ?`
  let [done, after]: [number, (string | number)[] | undefined] = [0, undefined]
  for (;;) {
    const beyond = after ? `AND (${names}) > (${keys.map(() => '?').join(', ')})` : ''
    const text: string = `SELECT ${names}, "${column}" AS value FROM "${table}" WHERE "${column}" IS NOT NULL ${beyond} ORDER BY ${names} LIMIT ${part}`
    const rows: Row[] = await db.read.all(text, after ?? [])
    const old = rows.filter(({ value }) => !cipher.isCurrent(value))
    await db.write(async (sql) => {
      for (const row of old) {
        const key = keys.map((name) => row[name] ?? '')
        const value = cipher.seal(cipher.open(row.value, place(key)), place(key))
        done += await sql.run(update, [value, ...key, row.value])
      }
    })
    if (rows.length < part) return done
    after = keys.map((name) => rows.at(-1)?.[name] ?? '')
  }
}
