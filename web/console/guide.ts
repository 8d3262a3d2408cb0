import { shallowRef } from 'vue'
import type { EditionView } from '../../api/contract.ts'

type Guide = EditionView['guide']
type Entry = Record<string, string>

/** A guide as it stands in the form: everything may be empty. */
export type Form = {
  id: string
  title: string
  field: string
  department: string
  who: string
  where: string
  legal: string
  promised: string
  fee: string
  amount: string
  online: string
  proxy: string
  reviewedOn: string
  names: string
  asks: string
  steps: string
  confirm: string
  materials: Entry[]
  pitfalls: Entry[]
  basis: Entry[]
}

export const emptyForm = (): Form => ({
  ...{ id: '', title: '', field: '', department: '', who: '', where: '', legal: '', promised: '', fee: '', amount: '', online: '', proxy: '', reviewedOn: '' },
  ...{ names: '', asks: '', steps: '', confirm: '' },
  ...{ materials: [{}], pitfalls: [], basis: [{}] },
})

export const formOf = ({ time, names, asks, steps, confirm, materials, pitfalls, basis, online, amount, ...guide }: Guide): Form => ({
  ...guide,
  amount: amount ?? '',
  online: online ?? '',
  legal: time.legal ?? '',
  promised: time.promised ?? '',
  names: names.join('\n'),
  asks: asks.join('\n'),
  steps: steps.join('\n'),
  confirm: confirm.join('\n'),
  materials: materials.map((one) => ({ ...one })),
  pitfalls: pitfalls.map((one) => ({ ...one })),
  basis: basis.map((one) => ({ ...one })),
})

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)

/** What is sent: the server names what is missing. */
export function guideOf({ legal, promised, online, amount, names, asks, steps, confirm, materials, pitfalls, basis, ...form }: Form): Record<string, unknown> {
  return {
    ...form,
    ...some({ online, amount }),
    time: some({ legal, promised }),
    names: linesOf(names),
    asks: linesOf(asks),
    steps: linesOf(steps),
    confirm: linesOf(confirm),
    materials: kept(materials).map((one) => ({ name: '', ...one })),
    pitfalls: kept(pitfalls).map((one) => ({ reason: '', remedy: '', ...one })),
    basis: kept(basis).map((one) => ({ title: '', since: '', ...one })),
  }
}

const some = (entry: Readonly<Entry>): Entry => Object.fromEntries(Object.entries(entry).filter(([, text]) => text.trim()))
const kept = (entries: readonly Entry[]): Entry[] => entries.map(some).filter((entry) => Object.keys(entry).length > 0)

/** What a group of missed questions brings along for a new guide. */
export const begun = shallowRef<{ readonly missed: readonly number[]; readonly asks: readonly string[] }>()
