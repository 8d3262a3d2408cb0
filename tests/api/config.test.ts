import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, configSchema, readConfig } from '../../api/config.ts'

const lines = readFileSync('.env.example', 'utf8').split('\n')
const listed = lines.filter((line) => /^[A-Z][A-Z0-9_]*=/.test(line)).map((line) => line.split('='))

test('.env.example names every setting with its default and what it is for', () => {
  const defaults = configSchema.parse({})

  expect(listed.map(([name]) => name)).toEqual(Object.keys(configSchema.shape))
  for (const [name = '', value = ''] of listed) {
    const told = defaults[name as keyof typeof defaults]
    expect(`${name}=${value}`).toBe(`${name}=${told ?? ''}`)
    const setting = configSchema.shape[name as keyof typeof configSchema.shape]
    expect(lines[lines.indexOf(`${name}=${value}`) - 1]).toBe(`# ${setting.description}`)
  }
})

test('all faults are told at once, and without the values', () => {
  const read = () => readConfig({ PORT: 'many', DATABASE_URL: 'mysql://secret@host', DATA_KEY: 'short' })

  expect(read).toThrow(ConfigError)
  expect(read).toThrow(/PORT[\s\S]*DATA_KEY|DATABASE_URL[\s\S]*PORT/)
  expect(read).not.toThrow(/secret/)
})

test('an empty line in .env means that the setting is not set', () => {
  expect(readConfig({ DATA_KEY: '', PORT: '', DATA_KEY_FILE: join(mkdtempSync(join(tmpdir(), 'test-')), 'key') }).PORT).toBe(3000)
})

test('without a key in the environment one is made once, for the owner alone, and used again', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'test-')), 'deep', 'key')
  const first = readConfig({ DATA_KEY_FILE: file })
  const second = readConfig({ DATA_KEY_FILE: file })

  expect(existsSync(file)).toBe(true)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(second.dataKey).toBe(first.dataKey)
  expect(Buffer.from(first.dataKey, 'base64')).toHaveLength(32)
})
