import natural from 'natural/lib/natural/trie/index.js'
import * as words from './data/facts.ts'
import type { Entity, OfficeWords } from './understanding.ts'

// The whole of natural takes 0.4 s to load; its parts load alone.
const { Trie: NaturalTrie } = natural

export type Gazetteer = { readonly find: (text: string) => Entity[] }

/** Departments and districts of this office, by all their names. */
export function createGazetteer({ departments, districts }: OfficeWords): Gazetteer {
  const trie = new NaturalTrie()
  const meant = new Map<string, { readonly kind: 'department' | 'district'; readonly value: string }>()
  const add = (name: string, kind: 'department' | 'district', value: string) => {
    if (name.length < 2 || meant.has(name)) return
    meant.set(name, { kind, value })
    trie.addString(name)
  }
  for (const { name, aliases } of departments) for (const one of [name, name.replace(/^./, ''), ...aliases]) add(one, 'department', name)
  for (const district of districts) {
    add(district, 'district', district)
    if (district.length > 2) add(district.slice(0, -1), 'district', district)
  }
  return { find: (text) => scan(text, trie, meant) }
}

function scan(
  text: string,
  trie: InstanceType<typeof NaturalTrie>,
  meant: ReadonlyMap<string, { readonly kind: 'department' | 'district'; readonly value: string }>,
): Entity[] {
  const found: Entity[] = []
  for (let at = 0; at < text.length; at++) {
    const name = trie.findMatchesOnPath(text.slice(at, at + 16)).at(-1)
    const what = name === undefined ? undefined : meant.get(name)
    if (!name || !what) continue
    if (what.kind === 'district' || isOffice(text, at, name)) {
      if (!found.some((one) => one.kind === what.kind && one.value === what.value)) found.push({ ...what, start: at, end: at + name.length })
      at += name.length - 1
    }
  }
  return found
}

/** 「医保」 is an office in 「医保那边不给办」, and a matter in 「医保怎么办」. */
function isOffice(text: string, at: number, name: string): boolean {
  return words.officeTail.test(name) || words.officeAfter.test(text.slice(at + name.length)) || words.officeNear.test(text.slice(Math.max(0, at - 3), at))
}

export function findCompany(text: string): Entity[] {
  const named = words.companyLead.exec(text)
  if (named?.[1]) return company(named[1], named.index + named[0].lastIndexOf(named[1]))
  for (const tail of text.matchAll(new RegExp(words.companyTail, 'gu'))) {
    const said = tail[1] ?? ''
    const head = words.companyHead.exec(said)?.[0] ?? ''
    const found = company(said.slice(head.length), tail.index + tail[0].indexOf(said) + head.length)
    if (found.length > 0) return found
  }
  return []
}

function company(said: string, start: number): Entity[] {
  const value = words.companyName.exec(said)?.[0] ?? said
  return value.length < 4 || words.notCompany.test(value) ? [] : [{ kind: 'company', value, start, end: start + value.length }]
}

export function findAddress(text: string, expecting: string | undefined): Entity[] {
  const entity = (start: number, value: string): Entity[] => [{ kind: 'address', value, start, end: start + value.length }]
  for (const lead of text.matchAll(words.addressLead)) {
    const start = lead.index + lead[0].length
    const value = words.address.exec(text.slice(start, start + 60))
    if (value && value.index === 0 && value[0].length >= 3) return entity(start, value[0])
  }
  const free = words.address.exec(text)
  if (!free) return []
  const head = words.addressHead.exec(free[0])?.[0] ?? ''
  const value = free[0].slice(head.length)
  // Without a lead or a number it may be any word that ends like a street.
  return value.length >= 4 && (/\d/.test(value) || expecting === 'address') ? entity(free.index + head.length, value) : []
}
