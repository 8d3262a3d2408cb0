import { describe, expect, test } from 'vitest'
import { ChannelError, type HttpRequest, type Wire } from '../../channels/contract.ts'
import { channel } from '../../channels/sms.channel.ts'
import { aliyunSignature } from '../../channels/smsaliyun.ts'
import { tencentAuthorization } from '../../channels/smstencent.ts'

const secret = 'a-long-secret-for-the-gateway'
const now = 1_700_000_000_000
const config = channel.parseConfig({
  secret,
  gateway: {
    url: 'https://sms.example/send',
    headers: { authorization: 'key' },
    body: { to: ['{phone}'], out_id: '{key}', params: { content: '{text}' } },
    success: { path: 'result.code', equals: 'OK' },
    later: ['BUSY'],
  },
})

const push = (body: unknown, path = `/api/channels/sms/${secret}`): HttpRequest => ({
  method: 'POST',
  path,
  query: {},
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const reply = { phone_number: '+8613800000001', content: '2', send_time: '2026-06-10 10:00:00', dest_code: '1', sequence_id: 1234567890 }

const codeOf = (request: HttpRequest): string => {
  try {
    channel.receive(request, config, now)
    return 'accepted'
  } catch (fault) {
    return fault instanceof ChannelError ? fault.code : `other: ${fault}`
  }
}

describe('what a citizen sends back', () => {
  test('arrives under a key of its own, from the bare number, and is acknowledged as the gateway wishes', () => {
    const { messages, ack } = channel.receive(push([reply, { ...reply, sequence_id: 2, content: '张三的证' }]), config, now)
    expect(messages.map(({ externalId, sender, content }) => [externalId, sender.id, content])).toEqual([
      ['13800000001:1234567890', '13800000001', { kind: 'text', text: '2' }],
      ['13800000001:2', '13800000001', { kind: 'text', text: '张三的证' }],
    ])
    expect(ack).toMatchObject({ status: 200, body: '{"code":0,"msg":"接收成功"}' })
  })

  test('keeps its key when it is pushed again', () => {
    const key = (): string | undefined => channel.receive(push([reply]), config, now).messages[0]?.externalId
    expect(key()).toBe(key())
  })

  test('is told from receipts, which are acknowledged alone', () => {
    const receipt = { phone_number: '13800000001', success: true, biz_id: '9', out_id: 'k', err_code: 'DELIVERED' }
    expect(channel.receive(push([receipt]), config, now).messages).toEqual([])
  })

  test.each([
    ['without the secret in the address', push([reply], '/api/channels/sms'), 'forged'],
    ['with a wrong secret', push([reply], '/api/channels/sms/guess'), 'forged'],
    ['that is no JSON', push('{'), 'malformed'],
    ['that holds no objects', push([1, null]), 'malformed'],
    ['without an id', push([{ ...reply, sequence_id: undefined }]), 'malformed'],
    ['from no phone', push([{ ...reply, phone_number: '__proto__' }]), 'malformed'],
    ['of 1 MB', push('1'.repeat(1 << 20)), 'malformed'],
  ])('is turned away %s', (_name, request, code) => {
    expect(codeOf(request)).toBe(code)
  })
})

describe('what the vendors push besides', () => {
  test.each([
    ['TD', { kind: 'event', event: 'stop' }],
    ['ｔｄ ', { kind: 'event', event: 'stop' }],
    ['CX', { kind: 'choice', value: 'door:progress', text: 'CX' }],
    ['cx 1410-20260610-0001-4', { kind: 'text', text: '1410-20260610-0001-4' }],
    ['2', { kind: 'text', text: '2' }],
  ])('%s is understood', (content, expected) => {
    expect(channel.receive(push([{ ...reply, content }]), config, now).messages[0]?.content).toEqual(expected)
  })

  test('a receipt tells what became of the message that it names', () => {
    const receipt = { phone_number: '13800000001', success: false, biz_id: '9', out_id: 'k', err_code: 'UNDELIV' }
    expect(channel.receive(push([receipt]), config, now).fates).toEqual([{ externalId: 'k', delivered: false, reason: 'UNDELIV' }])
  })
})

describe('the signatures', () => {
  test('are those of the vendors’ own examples', () => {
    const example = {
      Timestamp: '2016-02-23T12:46:24Z',
      Format: 'XML',
      AccessKeyId: 'testid',
      Action: 'DescribeRegions',
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
      Version: '2014-05-26',
      SignatureVersion: '1.0',
    }
    expect(aliyunSignature('GET', example, 'testsecret')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=')
    const body = String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
    const host = 'cvm.tencentcloudapi.com'
    const signed = { secretId: 'id', secretKey: 'Gu5t9xGARNpq86cd98joQYCN3EXAMPLE', host, service: 'cvm', body, seconds: 1551113065 }
    expect(tencentAuthorization(signed)).toContain('Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168')
  })
})

describe('a text message', () => {
  const to = { channel: 'sms', id: '13800000001' }
  const wireTo = (answer: object, sent: unknown[] = []): Wire => ({
    fetch: (async (_url: unknown, init?: { body?: unknown; headers?: unknown }) => {
      sent.push([init?.headers, JSON.parse(String(init?.body))])
      return Response.json(answer)
    }) as typeof fetch,
    now: () => now,
    tokens: async () => '',
  })

  test('goes out in the fields that the office has named, quotes and all', async () => {
    const sent: unknown[] = []
    await channel.send(to, { text: '“证”已办好 "{phone}"' }, 'deliver:1', config, wireTo({ result: { code: 'OK' } }, sent))
    expect(sent).toEqual([
      [
        { authorization: 'key', 'content-type': 'application/json; charset=utf-8' },
        { to: ['13800000001'], out_id: 'deliver:1', params: { content: '“证”已办好 "{phone}"' } },
      ],
    ])
  })

  test.each([
    [{ result: { code: 'BUSY' } }, 'busy'],
    [{ result: { code: 'ILLEGAL' } }, 'refused'],
    [{}, 'refused'],
  ])('that is answered with %j is %s', async (answer, code) => {
    await expect(channel.send(to, { text: 'x' }, 'k', config, wireTo(answer))).rejects.toMatchObject({ code })
  })
})

test('settings that cannot be used are named', () => {
  expect(() => channel.parseConfig({ secret: 'short', gateway: { url: 'ftp://x' } })).toThrow(/sms\.secret.*sms\.gateway\.url.*sms\.gateway\.body/s)
})
