import { describe, expect, test } from 'vitest'
import { createTokens, loadStaffPlatforms } from '../../api/channels.ts'
import { ChannelError, type Wire } from '../../channels/contract.ts'
import { robotSignature } from '../../channels/dingtalk.push.ts'
import { readFrame } from '../../channels/dingtalkstream.ts'

const platforms = await loadStaffPlatforms()

/** Settings that work, one for each platform: a new platform adds its own. */
const settings: Readonly<Record<string, unknown>> = {
  dingtalk: { app: { clientId: 'a', clientSecret: 'b', robotCode: 'c' }, group: { token: 'x'.repeat(20), secret: 'SECtest-secret' } },
  wecom: { corpId: 'ww0123456789abcdef', agentId: 1, secret: 's', token: 'QDG6eK', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' },
}

describe.each([...platforms])('the staff platform %s', (name, platform) => {
  const config = platform.parseConfig(settings[name])

  test('is found by its name, and its settings are checked', () => {
    expect(platform.name).toBe(name)
    expect(() => platform.parseConfig(undefined)).toThrow(name)
    expect(() => platform.parseConfig({})).toThrow(name)
    expect(platform.ways(config)).toMatchObject({ person: true, hears: true })
  })

  test.each(['GET', 'POST'])('turns away an unsigned %s', (method) => {
    const request = { method, path: `/api/channels/${name}`, query: {}, headers: {}, body: Buffer.from('{}') }
    if (platform.receive) expect(() => platform.receive?.(request, config, 0)).toThrow(ChannelError)
  })

  test.each([
    [{ status: 500 }, 'busy'],
    [{ status: 200 }, 'unreachable'],
  ])('names a fault of the platform by what happens next', async (init, code) => {
    const wire: Wire = { fetch: async () => new Response('no json', init), now: () => 0, tokens: createTokens(() => 0) }
    await expect(platform.send({ kind: 'person', id: 'u' }, { title: 't', lines: ['l'] }, 'key', config, wire)).rejects.toMatchObject({ code })
  })
})

test('the signature of a DingTalk robot is that of the vector', () => {
  expect(robotSignature('1700000000000', 'SECtest')).toBe('aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g=')
})

test.each(['', '{}', '[]', 'null', '{"type":"CALLBACK"}', '{"type":"CALLBACK","headers":{"messageId":"1","topic":"/v1.0/im/bot/messages/get"},"data":"{}"}'])(
  'a frame that is none, like %s, is turned away',
  (frame) => {
    expect(() => readFrame(frame)).toThrow(ChannelError)
  },
)
