import type { Sql } from './sql.ts'

/** One of the things that people edit as a whole. `version` counts from 1; 0 says that nobody has edited it yet. */
export type Setting<T> = { readonly version: number; readonly value: T; readonly at: number; readonly by: string }

type SettingRow = { readonly value: string; readonly version: number; readonly updatedAt: number; readonly updatedBy: string }
const toSetting = <T>({ value, version, updatedAt, updatedBy }: SettingRow): Setting<T> => ({
  value: JSON.parse(value) as T,
  version,
  at: updatedAt,
  by: updatedBy,
})

/** `name` is a constant of the program or holds a person's id: what stands under it was checked when it was stored. */
export async function readSetting<T>(read: Sql, name: string): Promise<Setting<T> | undefined> {
  const [row] = await read.all<SettingRow>('SELECT * FROM "Setting" WHERE name = ?', [name])
  return row && toSetting<T>(row)
}

export type Edit = { readonly version: number; readonly value: unknown; readonly by: string; readonly now: number }

/** Keeps the former text under `name@version`, unless it is to be forgotten. False when somebody else has edited it since `version` was read. */
export async function replaceSetting(sql: Sql, name: string, { version, value, by, now }: Edit, former: 'keep' | 'forget' = 'keep'): Promise<boolean> {
  const text = JSON.stringify(value)
  if (version === 0) {
    await sql.insert('Setting', [{ name, value: text, version: 1, updatedAt: now, updatedBy: by }], 'unless exists')
    const [row] = await sql.all<SettingRow>('SELECT * FROM "Setting" WHERE name = ?', [name])
    return row?.version === 1 && row.value === text
  }
  const [old] = await sql.all<SettingRow>('SELECT * FROM "Setting" WHERE name = ? AND version = ?', [name, version])
  if (!old) return false
  const change = `UPDATE "Setting" SET value = ?, version = version + 1, "updatedAt" = ?, "updatedBy" = ? WHERE name = ? AND version = ?`
  if ((await sql.run(change, [text, now, by, name, version])) !== 1) return false
  if (former === 'keep') await sql.insert('Setting', [{ ...old, name: `${name}@${version}` }], 'unless exists')
  return true
}

/** What stood there before, the latest first, at most `limit`. */
export async function formerSettings<T>(read: Sql, name: string, limit: number): Promise<Setting<T>[]> {
  const rows = await read.all<SettingRow>('SELECT * FROM "Setting" WHERE name LIKE ? ORDER BY version DESC LIMIT ?', [`${name}@%`, limit])
  return rows.map((row) => toSetting<T>(row))
}
