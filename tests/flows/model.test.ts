import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ChatClient, createChatClient } from '../support/chat.ts'
import { openOffice, type TestOffice } from '../support/office.ts'

/** An OpenAI-compatible service of the intranet: says what the test lets it say. */
let says: { readonly status: number; readonly content: string }
let asked: string[]
let service: Server
let office: TestOffice
let citizen: ChatClient | undefined

beforeEach(async () => {
  says = { status: 200, content: '0' }
  asked = []
  service = createServer((request, response) => {
    let body = ''
    request.on('data', (piece) => {
      body += String(piece)
    })
    request.on('end', () => {
      asked.push(`${request.url} ${body}`)
      response.writeHead(says.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: says.content } }] }))
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => service.once('listening', resolve))
  const { port } = service.address() as AddressInfo
  office = await openOffice({ MODEL_URL: `http://127.0.0.1:${port}/v1`, MODEL_NAME: 'own' })
})
afterEach(async () => {
  citizen?.drop()
  await office.close()
  service.close()
})

/** What a new citizen is offered for a question that several guides may mean. */
async function offered(text: string): Promise<readonly string[]> {
  citizen?.drop()
  const client = createChatClient(office.url)
  citizen = client
  await client.connect()
  await client.say(text)
  const { choices = [] } = await client.wait(({ author, choices }) => author === 'bot' && choices !== undefined)
  return choices.map((choice) => choice.text)
}

test('the guide that the office model takes for the meant one is offered first, and nothing that it writes is shown', async () => {
  const own = await offered('孩子上学')
  says = { status: 200, content: '2 加微信领补贴' }
  const helped = await offered('孩子上学')

  expect(own.length).toBeGreaterThan(2)
  expect(helped[0]).toBe(own[1])
  expect(helped.toSorted()).toEqual(own.toSorted())
  expect(
    citizen
      ?.heard()
      .map(({ text }) => text)
      .join(),
  ).not.toContain('加微信')
  expect(asked[0]).toContain('/v1/chat/completions')
})

test('a place that was not offered changes nothing', async () => {
  const own = await offered('孩子上学')
  says = { status: 200, content: '99' }

  expect(await offered('孩子上学')).toEqual(own)
})

test('with the model away the answer is what it was, and for a minute it is not asked again', async () => {
  const own = await offered('孩子上学')
  says = { status: 500, content: '' }

  expect(await offered('孩子上学')).toEqual(own)
  expect(await offered('孩子上学')).toEqual(own)
  expect(asked).toHaveLength(2)
  office.sleepTo(new Date(office.now() + 61_000).toISOString())
  await offered('孩子上学')
  expect(asked).toHaveLength(3)
})

test('it is sent no phone number', async () => {
  await office.shell.choose?.('孩子上学，我电话13812345678', ['小学入学', '初中入学'])

  expect(asked[0]).toContain('138****5678')
  expect(asked[0]).not.toContain('13812345678')
})
