import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const folders = ['api', 'bot', 'casework', 'channels', 'prisma', 'web', 'nlp']
const files = folders.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.(ts|vue)$/.test(name) && !name.startsWith('prisma/generated') && !name.startsWith('nlp/data')),
)
const han = /\p{Script=Han}/u

/** Lines with their comments taken out: a comment may cite a rule in its own words. */
const codeOf = (text: string): string[] =>
  text
    .replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line) => line.replace(/(^|\s)\/\/.*$/, ''))

test('every word that a person reads stands in texts/, not in the code', () => {
  // Causes and kinds of orders are named as the office names them: the names are the values.
  const allowed = new Set(['casework/ticket.ts', 'casework/number.ts', 'casework/supervision.ts', 'casework/work.ts', 'bot/diagnosis.ts'])
  const found = files
    // nlp/ reads citizens' language: its lexicons are data, and its rules name the words that they look for.
    .filter((file) => !file.startsWith('nlp/') && !allowed.has(file))
    .flatMap((file) => codeOf(readFileSync(file, 'utf8')).flatMap((line, index) => (han.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [])))

  expect(found).toEqual([])
})
