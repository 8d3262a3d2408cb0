import { Secret, TOTP } from 'otpauth'
import QRCode from 'qrcode'
import { type StaffMember, setSecondFactor, useStep } from '../prisma/staff.ts'
import { problems } from '../texts/api.ts'
import { secondFactorIssuer } from '../texts/signin.ts'
import type { EnrolmentView } from './contract.ts'
import { ProblemError } from './problems.ts'
import type { Server } from './server.ts'

// RFC 6238: six digits, half a minute, SHA-1, as all authenticator apps have it; it needs no network, only a clock.
const periodSeconds = 30
/** A phone's clock may be half a minute off. */
const window = 1

const placeOf = (staffId: string): string => `Staff/${staffId}/secondFactor`
const totpOf = (secret: string, account: string): TOTP =>
  new TOTP({ issuer: secondFactorIssuer, label: account, algorithm: 'SHA1', digits: 6, period: periodSeconds, secret: Secret.fromBase32(secret) })

/** True as well where the account has none. A code counts once. */
export async function secondFactorHolds(server: Server, staff: StaffMember, code: string | undefined): Promise<boolean> {
  if (staff.secondFactor === undefined) return true
  const step = stepOf(server, server.shell.cipher.open<string>(staff.secondFactor, placeOf(staff.id)), staff.account, code ?? '')
  return step !== undefined && useStep(server.shell.db, staff.id, step)
}

function stepOf({ shell }: Server, secret: string, account: string, code: string): number | undefined {
  const timestamp = shell.now()
  const delta = totpOf(secret, account).validate({ token: code, timestamp, window })
  return delta === null ? undefined : Math.floor(timestamp / 1_000 / periodSeconds) + delta
}

/** A new secret, not bound yet: the client sends it back together with a code that proves that the app has it. */
export async function newEnrolment(account: string): Promise<EnrolmentView> {
  const secret = new Secret({ size: 20 }).base32
  const url = totpOf(secret, account).toString()
  return { secret, url, qr: await QRCode.toDataURL(url, { margin: 1, width: 220 }) }
}

/** @throws ProblemError 'wrongCode' when the code is not one of the secret, 'forbidden' when another app is bound: that one goes first, by password */
export async function enrol(server: Server, staff: StaffMember, secret: string, code: string): Promise<void> {
  if (staff.secondFactor !== undefined) throw new ProblemError('forbidden', problems.boundAlready)
  const step = stepOf(server, secret, staff.account, code)
  if (step === undefined) throw new ProblemError('wrongCode', problems.wrongCode)
  await setSecondFactor(server.shell.db, staff.id, server.shell.cipher.seal(secret, placeOf(staff.id)))
  await useStep(server.shell.db, staff.id, step)
}
