import { describe, expect, test } from 'vitest'
import { areas, areasOf } from '../../casework/areas.ts'
import { loadSeedPolicy } from '../../prisma/seed/policy.ts'
import { policySections } from '../../texts/policy.ts'

describe('what a role works with', () => {
  test('a system administrator alone reads no case and talks with no citizen', () => {
    expect(areasOf(['admin']).filter((area) => ['talk', 'cases', 'register', 'unmask', 'findings', 'review'].includes(area))).toEqual([])
  })

  test('whoever has two roles works with what either of them does', () => {
    expect(areasOf(['admin', 'clerk']).sort()).toEqual([...new Set([...areasOf(['admin']), ...areasOf(['clerk'])])].sort())
  })

  test('no unit outside the office talks with citizens, sees full names in ledgers or reads the audit', () => {
    for (const area of ['talk', 'unmask', 'audit', 'rules', 'people', 'findings'] as const)
      for (const role of ['chief', 'liaison']) expect(areas[area]).not.toContain(role)
  })
})

test('every switch of the rules stands on the rules page with its explanation, and nothing else does', () => {
  const leaves = (value: unknown, path: string): string[] => {
    const isTree = typeof value === 'object' && value !== null && !Array.isArray(value) && !('unit' in value) && !('from' in value)
    return isTree ? Object.entries(value).flatMap(([name, one]) => leaves(one, path ? `${path}.${name}` : name)) : [path]
  }

  const explained = policySections.flatMap(({ fields }) => Object.keys(fields))

  expect(explained.sort()).toEqual(leaves(loadSeedPolicy(), '').sort())
})
