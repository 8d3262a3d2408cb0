import { describe, expect, test } from 'vitest'
import type { ChannelError, Wire } from '../../channels/contract.ts'
import { fetchMedia } from '../../channels/wechatmedia.ts'

const base = 'https://api.weixin.qq.com'
const latin = (text: string): string => Buffer.from(text).toString('latin1')

/** The platform's answers, one after another; whoever asks once more than there are answers gets none. */
function platform(...answers: readonly Response[]) {
  const asked: string[] = []
  const left = [...answers]
  const wire: Wire = {
    fetch: async (url) => {
      asked.push(String(url))
      return left.shift() ?? Response.error()
    },
    now: () => 0,
    tokens: async () => 'unused',
  }
  return { asked, get: () => fetchMedia('m1', base, async (stale) => (stale === undefined ? 'old' : 'new'), wire) }
}
const json = (value: object) => new Response(JSON.stringify(value), { headers: { 'content-type': 'text/plain' } })
const file = (disposition: string) => new Response('bytes', { headers: { 'content-type': 'image/jpeg', 'content-disposition': disposition } })

describe('A file of the platform', () => {
  test.each([
    [`attachment; filename="${latin('告知书.pdf')}"`, '告知书.pdf'],
    [`attachment; filename*=utf-8''${encodeURIComponent('告知书.pdf')}`, '告知书.pdf'],
    ['attachment; filename=a.jpg', 'a.jpg'],
    ["attachment; filename*=utf-8''%zz; filename=a.jpg", 'a.jpg'],
    ['attachment', undefined],
  ])('sent as %s is called %s', async (disposition, name) => {
    expect((await platform(file(disposition)).get()).name).toBe(name)
  })

  test('that is a film is fetched from the address that the platform gives', async () => {
    const { asked, get } = platform(json({ video_url: 'http://mp.weixin.qq.com/film' }), file(''))
    expect((await get()).bytes.toString()).toBe('bytes')
    expect(asked[1]).toBe('http://mp.weixin.qq.com/film')
  })

  test('is asked for once more with a newer token when the token has ended', async () => {
    const { asked, get } = platform(json({ errcode: 42001 }), file(''))
    await get()
    expect(asked.map((url) => new URL(url).searchParams.get('access_token'))).toEqual(['old', 'new'])
  })

  test.each([
    [40007, 'refused'],
    [-1, 'busy'],
    [45009, 'busy'],
  ])('that is answered with %d is %s', async (errcode, code) => {
    const fault = await platform(json({ errcode }))
      .get()
      .catch((fault: ChannelError) => fault)
    expect(fault).toMatchObject({ code })
  })

  test('that is larger than 20 MB is not read', async () => {
    const large = new Response('x', { headers: { 'content-length': String(21 * 1024 * 1024) } })
    const fault = await platform(large)
      .get()
      .catch((fault: ChannelError) => fault)
    expect(fault).toMatchObject({ code: 'refused' })
  })
})
