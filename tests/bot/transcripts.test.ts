import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from '../support/desk.ts'
import { play, readTranscripts } from '../support/transcript.ts'

const folder = new URL('../transcripts/', import.meta.url)
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .sort()
const talks = files.map((file) => ({ file, transcripts: readTranscripts(readFileSync(new URL(file, folder), 'utf8')) }))

let world: World
beforeAll(async () => {
  world = await openWorld()
})

describe.each(talks)('$file', ({ transcripts }) => {
  test.each(transcripts)('$title', async (transcript) => {
    await play(transcript, world)
  })
})

test('there are at least sixty talks, each with its own title', () => {
  const titles = talks.flatMap(({ transcripts }) => transcripts.map((one) => one.title))

  expect(titles.length).toBeGreaterThanOrEqual(60)
  expect(new Set(titles).size).toBe(titles.length)
})
