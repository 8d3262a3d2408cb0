import type { TicketView } from '../../api/contract.ts'

type Done = NonNullable<TicketView['ticket']['work']>[number]
type Of<Type extends Done['type']> = Extract<Done, { type: Type }>

function all<Type extends Done['type']>({ ticket }: TicketView, type: Type): Of<Type>[] {
  return (ticket.work ?? []).filter((one): one is Of<Type> => one.type === type)
}

const runningClock = ({ deadlines }: TicketView, id: string) => deadlines.find(({ ref, metAt, cancelledAt }) => ref === id && !metAt && !cancelledAt)

/** Meetings, the latest first, each with what it has laid on whom; tasks outside of any meeting come last. */
export function meetings(view: TicketView) {
  const tasks = all(view, 'tasked').map((task) => ({
    ...task,
    done: all(view, 'taskDone').find(({ id }) => id === task.id),
    clock: runningClock(view, task.id),
  }))
  const held = all(view, 'convened')
    .map((convened) => ({
      convened,
      attended: all(view, 'attended').filter(({ meeting }) => meeting === convened.id),
      minuted: all(view, 'minuted').find(({ meeting }) => meeting === convened.id),
      tasks: tasks.filter(({ meeting }) => meeting === convened.id),
    }))
    .reverse()
  const loose = tasks.filter(({ meeting }) => !held.some(({ convened }) => convened.id === meeting))
  return loose.length ? [...held, { convened: undefined, attended: [], minuted: undefined, tasks: loose }] : held
}

/** Orders, the latest first, each with the step that it waits for; what was answered again waits for verification again. */
export function orders(view: TicketView) {
  return all(view, 'ordered')
    .map((order) => {
      const last = (view.ticket.work ?? []).filter((one): one is Step => isStep(one) && one.id === order.id).pop()
      return {
        ...order,
        state: stateOf(last),
        answer: all(view, 'orderAnswered')
          .filter(({ id }) => id === order.id)
          .pop(),
        verified: last?.type === 'orderVerified' ? last : undefined,
        clock: runningClock(view, order.id),
      }
    })
    .reverse()
}

type Step = Of<'orderSigned'> | Of<'orderAnswered'> | Of<'orderVerified'>
const isStep = (one: Done): one is Step => one.type === 'orderSigned' || one.type === 'orderAnswered' || one.type === 'orderVerified'

type OrderState = 'sent' | 'signed' | 'answered' | 'again' | 'verified'

function stateOf(last: Step | undefined): OrderState {
  if (last?.type === 'orderVerified') return last.approved ? 'verified' : 'again'
  return last ? (last.type === 'orderAnswered' ? 'answered' : 'signed') : 'sent'
}

/** Attempts to call the citizen back, the latest first. */
export const callbacks = ({ ticket, journal }: TicketView) =>
  ticket.callbacks.map((one) => ({ ...one, byName: journal.find(({ at, event }) => event.type === 'calledBack' && at === one.at)?.byName ?? '' })).reverse()

/** The request that waits for somebody's answer. */
export const openRequest = (view: TicketView) =>
  all(view, 'asked')
    .filter((one) => !all(view, 'answered').some(({ id }) => id === one.id))
    .pop()
