import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyOf, openEnvelope, sealEnvelope } from '../../channels/envelope.ts'
import { sortedSha1 } from '../../channels/sign.ts'

const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const receiver = 'wx5823bf96d3bd56c7'
const message = fc.string({ unit: 'grapheme', maxLength: 400 })

describe('an implementation that is not ours', () => {
  test('reads what we seal, and we read what it seals', () => {
    fc.assert(
      fc.property(message, (text) => {
        const theirs = decrypt(aesKey, sealEnvelope(text, keyOf(aesKey), receiver))
        expect([theirs.message, theirs.id]).toEqual([text, receiver])
        expect(openEnvelope(encrypt(aesKey, text, receiver), keyOf(aesKey), receiver)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  test('signs as we do', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]{1,32}$/), fc.nat(), fc.nat(), fc.base64String(), (token, timestamp, nonce, sealed) => {
        expect(sortedSha1(token, String(timestamp), String(nonce), sealed)).toBe(getSignature(token, timestamp, nonce, sealed))
      }),
    )
  })
})
