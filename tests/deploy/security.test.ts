import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configSchema } from '../../api/config.ts'

const rows = readFileSync('docs/security.zh-CN.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| .*tests\//.test(line))
  .map((line) => line.split('|').slice(1, -1))
const codeIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
const testFiles = readdirSync('tests', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'))

test('every row of the security table names a test that is there', () => {
  expect(rows.length).toBeGreaterThan(20)
  for (const [title, , , , tests] of rows) {
    const named = codeIn(tests)
    expect(named.length, title).toBeGreaterThan(0)
    for (const name of named) expect(existsSync(name) || testFiles.some((file) => file === name || file.endsWith(`/${name}`)), name).toBe(true)
  }
})

test('every setting that the security table names is one of the program', () => {
  const settings = rows.flatMap(([, , , setting]) => codeIn(setting)).flatMap((code) => code.match(/^[A-Z][A-Z_]+\*?$/g) ?? [])

  expect(settings.length).toBeGreaterThan(8)
  for (const name of settings) {
    const stem = name.replace('*', '')
    expect(
      Object.keys(configSchema.shape).some((one) => (name.endsWith('*') ? one.startsWith(stem) : one === name)),
      name,
    ).toBe(true)
  }
})
