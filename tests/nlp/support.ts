import { readFileSync } from 'node:fs'
import { createUnderstanding } from '../../nlp/engine.ts'

export const today = '2026-03-18'

export const understand = createUnderstanding({
  departments: [
    { id: 'hrss', name: '市人力资源和社会保障局', aliases: ['人社局', '社保局'] },
    { id: 'traffic-police', name: '市公安局交通警察支队', aliases: ['车管所', '交警'] },
    { id: 'medical', name: '市医疗保障局', aliases: ['医保局', '医保'] },
  ],
  districts: ['尧都区', '侯马市'],
})

export const read = (text: string, expecting?: string) => understand(text, expecting === undefined ? { today } : { today, expecting })

/** Values of one kind of fact in a message. */
export const values = (text: string, kind: string, expecting?: string): string[] =>
  read(text, expecting)
    .entities.filter((one) => one.kind === kind)
    .map((one) => one.value)

export function fixture<Row>(name: string): Row[] {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): Row => JSON.parse(line))
}
