import { readFileSync } from 'node:fs'

/** A line of a data file. */
export type Row = Readonly<Record<string, unknown>>

export function rows(file: string | undefined): Row[] {
  if (!file) throw new Error('a file is missing: see the head of tools/evaluate.ts')
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): Row => JSON.parse(line))
}

/** A field as text; numbers too, for ids and labels are often numbers. */
export function text(row: Row, key: string): string {
  const value = row[key]
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}
