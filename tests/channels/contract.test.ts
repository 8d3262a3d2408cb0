import { describe, expect, test } from 'vitest'
import { createTokens, loadChannels, openChannels } from '../../api/channels.ts'
import { shareTokens } from '../../api/platformtokens.ts'
import { sendersOf } from '../../api/senders.ts'
import { ChannelError } from '../../channels/contract.ts'
import { createCipher } from '../../prisma/cipher.ts'
import { openDatabase } from '../../prisma/database.ts'
import { createTestDatabase, testKey } from '../support/database.ts'

const channels = await loadChannels()

/** Settings that work, one for each channel: a new channel adds its own. */
const settings: Readonly<Record<string, unknown>> = {
  wechat: { appId: 'wx0123456789abcdef', secret: 's', token: 'office_token', mode: 'plain' },
  kf: { corpId: 'wx5823bf96d3bd56c7', secret: 's', token: 'QDG6eK', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' },
  sms: { secret: 'x'.repeat(24), gateway: { url: 'https://x/', body: { to: '{phone}' }, success: { path: 'code', equals: 0 } } },
}

describe.each([...channels])('the channel %s', (name, channel) => {
  const config = channel.parseConfig(settings[name])

  test('is found by its name, and its settings are checked', () => {
    expect(channel.name).toBe(name)
    expect(() => channel.parseConfig(undefined)).toThrow(name)
    expect(() => channel.parseConfig({})).toThrow(name)
  })

  test.each(['GET', 'POST'])('turns away an unsigned %s', (method) => {
    const request = { method, path: `/api/channels/${name}`, query: {}, headers: {}, body: Buffer.from('{}') }
    expect(() => channel.receive(request, config, 0)).toThrow(ChannelError)
  })

  test('cuts a long message into parts that it does not cut again, and loses nothing', () => {
    const text = Array.from({ length: 400 }, (_, line) => `第${line}行的材料`).join('\n')
    const parts = channel.parts({ text }, config)
    expect(parts.length).toBeGreaterThan(1)
    for (const part of parts) expect(channel.parts(part, config)).toEqual([part])
    expect(parts.map((part) => part.text).join('\n')).toBe(text)
  })
})

describe('the settings file', () => {
  const wire = { fetch, now: () => 0, tokens: createTokens(() => 0) }

  test('may be left out: then there is no remote channel', async () => {
    expect((await openChannels(undefined, wire)).channels.size).toBe(0)
  })

  test('that cannot be read stops the start with its name', async () => {
    await expect(openChannels('/nowhere/channels.yaml', wire)).rejects.toThrow(/CHANNELS_FILE.*\/nowhere/)
  })
})

describe('the addresses that may push', () => {
  const senders = (from: unknown) => sendersOf('sms', { from, byHand: true })
  const isHeard = (from: unknown, address?: string): boolean => {
    const hear = senders(from).only(() => true)
    try {
      return hear({ method: 'POST', path: '', query: {}, headers: {}, body: Buffer.alloc(0), ...(address === undefined ? {} : { address }) }, 0)
    } catch (fault) {
      expect(fault).toBeInstanceOf(ChannelError)
      return false
    }
  }

  test.each([
    [['203.0.113.7'], '203.0.113.7', true],
    [['203.0.113.7'], '203.0.113.8', false],
    [['203.0.113.0/24', '2001:db8::/32'], '203.0.113.8', true],
    [['203.0.113.0/24', '2001:db8::/32'], '::ffff:203.0.113.8', true],
    [['203.0.113.0/24', '2001:db8::/32'], '2001:db8::5', true],
    [['203.0.113.0/24', '2001:db8::/32'], '2001:db9::5', false],
    [['0.0.0.0/0'], 'no address', false],
    [['0.0.0.0/0'], undefined, false],
  ])('are only those of the list: %j and %s', (from, address, heard) => {
    expect(isHeard(from, address)).toBe(heard)
  })

  test('are no part of the channel’s own settings, and are all where nobody has named any', () => {
    expect(senders(['203.0.113.7']).settings).toEqual({ byHand: true })
    expect(sendersOf('sms', { byHand: true }).only(() => 1)({ method: 'GET', path: '', query: {}, headers: {}, body: Buffer.alloc(0) }, 0)).toBe(1)
  })

  test.each([['203.0.113'], ['203.0.113.0/33'], ['203.0.113.0/'], ['203.0.113.0/24/1'], ['gateway.example'], [7]])('%s stops the start', (entry) => {
    expect(() => senders([entry])).toThrow(/sms\.from/)
  })
})

describe('tokens', () => {
  test('are fetched once for all who ask at a time, and again for a refused one', async () => {
    let fetched = 0
    const tokens = createTokens(() => 0)
    const renew = async () => ({ token: `t${++fetched}`, livesMs: 1000 })

    expect(await Promise.all([tokens('a', renew), tokens('a', renew), tokens('a', renew)])).toEqual(['t1', 't1', 't1'])
    expect(await Promise.all([tokens('a', renew, 't1'), tokens('a', renew, 't1')])).toEqual(['t2', 't2'])
    expect(await tokens('a', renew)).toBe('t2')
  })

  test('whose fetching failed are fetched again by the next who asks', async () => {
    const tokens = createTokens(() => 0)
    await expect(tokens('a', () => Promise.reject(new ChannelError('busy', 'no')))).rejects.toThrow('no')
    expect(await tokens('a', async () => ({ token: 't', livesMs: 1 }))).toBe('t')
  })
})

describe('tokens of several processes', () => {
  test('are fetched once for all, kept sealed, and a refused one is fetched once more', async () => {
    const database = await createTestDatabase()
    const db = await openDatabase(database.url)
    const cipher = createCipher(testKey)
    const process = () =>
      shareTokens(
        db,
        cipher,
        () => 1_000,
        createTokens(() => 1_000),
      )
    const [first, second] = [process(), process()]
    let fetched = 0
    const renew = async () => ({ token: `secret${++fetched}`, livesMs: 7_200_000 })

    expect(await Promise.all([first('a', renew), second('a', renew), first('a', renew)])).toEqual(['secret1', 'secret1', 'secret1'])
    expect(JSON.stringify(await db.read.all('SELECT sealed FROM "PlatformToken"'))).not.toContain('secret1')
    expect(await Promise.all([first('a', renew, 'secret1'), second('a', renew, 'secret1')])).toEqual(['secret2', 'secret2'])
    expect(fetched).toBe(2)
    await db.close()
    await database.remove()
  })

  test('whose fetching failed hold nobody up', async () => {
    const database = await createTestDatabase()
    const db = await openDatabase(database.url)
    const process = () =>
      shareTokens(
        db,
        createCipher(testKey),
        () => 1_000,
        createTokens(() => 1_000),
      )
    await expect(process()('a', () => Promise.reject(new ChannelError('busy', 'no')))).rejects.toThrow('no')
    expect(await process()('a', async () => ({ token: 't', livesMs: 1_000 }))).toBe('t')
    await db.close()
    await database.remove()
  })
})
