const pages: Readonly<Record<string, string>> = { deadJob: '/dead', clockStuck: '/health', calendarGap: '/calendar', oldGuides: '/guides' }

/** Where it is seen to. */
export const alarmPage = (code: string): string => pages[code] ?? '/'
