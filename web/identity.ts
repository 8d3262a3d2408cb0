import { recall } from './memory.ts'

/** Inside a foreign page browsers keep no cookies for us: there the widget carries its signed token itself. */
export const embedded = location.pathname === '/widget'

export const token = (): string => (embedded ? recall('token', '') : '')

export const identity = (): Record<string, string> => (token() ? { 'x-bandecheng-visitor': token() } : {})
