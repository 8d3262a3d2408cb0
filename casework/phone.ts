/** The digits of a phone number without the country's code: the same however it was written down. */
export const barePhone = (phone: string): string => phone.replace(/\D/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '')

/** The number that takes text messages, if it is one. */
export const mobileOf = (phone: string | undefined): string | undefined => /^1[3-9]\d{9}$/.exec(barePhone(phone ?? ''))?.[0]
