import type { Sql } from './sql.ts'

/** Up to where a platform was read; undefined before the first time. */
export async function cursorOf(read: Sql, name: string): Promise<string | undefined> {
  const [row] = await read.all<{ value: string }>('SELECT value FROM "Cursor" WHERE name = ?', [name])
  return row?.value
}

/** In the transaction of the messages that were read up to there. */
export async function keepCursor(sql: Sql, name: string, value: string, at: number): Promise<void> {
  await sql.insert('Cursor', [{ name, value, at }], 'unless exists')
  await sql.run('UPDATE "Cursor" SET value = ?, at = ? WHERE name = ?', [value, at, name])
}

/** All places of a channel that were read once. */
export async function placesOf(read: Sql, channel: string): Promise<string[]> {
  const rows = await read.all<{ name: string }>('SELECT name FROM "Cursor" WHERE name LIKE ? ORDER BY name', [`${channel}:%`])
  return rows.map(({ name }) => name.slice(channel.length + 1))
}
