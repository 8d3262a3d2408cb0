import { ChannelError, type Instant, type Person, type Sent } from '../../channels/contract.ts'
import { demo } from '../../texts/demo.ts'
import { type Channel, type Channels, loadChannels } from '../channels.ts'

/** The platforms of the demo: messages are cut and sent as for the real ones, and nothing leaves this machine. From some moment on some people cannot be reached. */
export async function demoPlatforms(unreachableFrom: ReadonlyMap<string, Instant>, now: () => Instant): Promise<Channels> {
  const specs = [...(await loadChannels()).values()]
  const take = async (to: Person): Promise<Sent> => {
    if (now() >= (unreachableFrom.get(to.id) ?? Number.POSITIVE_INFINITY)) throw new ChannelError('refused', demo.unreachable)
    return {}
  }
  return new Map(
    specs.map((spec): [string, Channel] => [
      spec.name,
      {
        limits: spec.limits,
        receive: () => {
          throw new ChannelError('forged', 'the demo has no platform')
        },
        parts: (message) => spec.parts(message, {}),
        send: take,
        forms: spec.forms ? [{ id: 'demo', send: take }] : [],
        pull: undefined,
        session: undefined,
        speaksThere: () => false,
        setUp: undefined,
        media: undefined,
        receipts: false,
        handedOn: true,
        byHand: false,
      },
    ]),
  )
}
