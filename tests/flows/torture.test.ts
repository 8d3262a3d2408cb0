import { expect, test } from 'vitest'
import { tortured } from '../support/rack.ts'
import type { Fault } from '../support/torture.ts'

// The short form of `npm run torture`: real processes, real connections, killed and frozen and cut off while citizens talk and clerks work.
const onPostgresql = process.env['TEST_POSTGRESQL_URL'] !== undefined
const faults: readonly Fault[] = ['kill', 'freeze', 'disconnect', 'clock', 'disk', 'roll', ...(onPostgresql ? (['database'] as const) : [])]

test('whatever befalls its processes, the office keeps every promise that was made to citizens and clerks', { timeout: 600_000 }, async () => {
  const { broken, messages, cases, texts } = await tortured({ processes: onPostgresql ? 2 : 1, rounds: 25, faults, seed: 7 })

  expect(broken).toEqual([])
  expect(messages).toBeGreaterThan(100)
  expect(cases).toBeGreaterThan(0)
  expect(texts).toBeGreaterThan(5)
})
