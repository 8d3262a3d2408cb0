import { field as fieldWords } from '../../texts/console.ts'
import { policyPage as words } from '../../texts/policy.ts'

/** The office's rules as the page edits them: a tree whose leaves stand at paths such as `callback.attempts`. */
export type Tree = { [name: string]: unknown }
type Span = { readonly from: string; readonly to: string }
type Allowance = { readonly amount: number; readonly unit: keyof typeof fieldWords.units }

export function leafAt(tree: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Tree | undefined)?.[name], tree)
}

export function putLeaf(tree: Tree, path: string, value: unknown): void {
  const names = path.split('.')
  const last = names.pop() ?? ''
  const place = names.reduce<Tree>((found, name) => found[name] as Tree, tree)
  place[last] = value
}

const isObject = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
export const isSpan = (value: unknown): value is Span => isObject(value) && 'from' in value
export const isSpans = (value: unknown): value is readonly Span[] => Array.isArray(value) && value.length > 0 && value.every(isSpan)
export const isAllowance = (value: unknown): value is Allowance => isObject(value) && 'unit' in value
/** An empty list may be one of numbers, of names or of causes: its path tells. */
export const isCauses = (value: unknown, path: string): value is readonly string[] => Array.isArray(value) && /causes$/i.test(path)

export const isNames = (value: unknown, path: string): value is readonly string[] => Array.isArray(value) && path === 'districts'

/** A leaf as a person reads it. */
export function inWords(value: unknown): string {
  if (isSpan(value)) return words.times(value.from, value.to)
  if (isAllowance(value)) return `${value.amount} ${fieldWords.units[value.unit]}`
  if (Array.isArray(value)) return value.length ? value.map(inWords).join('、') : words.none
  return String(value)
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
