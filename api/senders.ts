import { BlockList, isIP } from 'node:net'
import { z } from 'zod'
import { ChannelError, type HttpRequest, type Instant } from '../channels/contract.ts'

const schema = z.object({ from: z.array(z.string()).min(1) })
type Receive<Received> = (request: HttpRequest, now: Instant) => Received
type Senders = { readonly settings: unknown; readonly only: <Received>(receive: Receive<Received>) => Receive<Received> }

/**
 * Takes `from` out of a channel's settings: the addresses and networks (203.0.113.7, 203.0.113.0/24) that may push to it; all where it is not there.
 * @throws Error naming what is no address
 */
export function sendersOf(name: string, settings: unknown): Senders {
  if (typeof settings !== 'object' || settings === null || !('from' in settings)) return { settings, only: (receive) => receive }
  const parsed = schema.safeParse(settings)
  if (!parsed.success) throw new Error(`${name}.from: must be a list of addresses`)
  const { from: _from, ...own } = settings
  const list = new BlockList()
  for (const entry of parsed.data.from) add(list, entry, `${name}.from`)
  return {
    settings: own,
    only: (receive) => (request, now) => {
      const address = plain(request.address ?? '')
      const family = familyOf(address)
      if (family === undefined || !list.check(address, family)) throw new ChannelError('forged', 'address may not push')
      return receive(request, now)
    },
  }
}

function add(list: BlockList, entry: string, place: string): void {
  const [address = '', bits, ...more] = entry.split('/')
  const family = familyOf(address)
  const isNetwork = bits !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 'ipv6' ? 128 : 32)
  if (family === undefined || more.length > 0 || (bits !== undefined && !isNetwork)) throw new Error(`${place}: ${entry} is no address`)
  if (bits === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(bits), family)
}

const familyOf = (address: string): 'ipv4' | 'ipv6' | undefined => (({ 4: 'ipv4', 6: 'ipv6' }) as const)[isIP(address) as 4 | 6]

/** A socket for both families names IPv4 addresses in the way of IPv6. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')
