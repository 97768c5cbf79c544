import type { Language } from '../../shared/language.ts'

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** Formatters are made once for a language: making one is slow. */
function formattersOf(language: Language) {
  const number = (options: Intl.NumberFormatOptions = {}) => new Intl.NumberFormat(language, options)
  const unit = (unit: string, options: Intl.NumberFormatOptions = {}) =>
    number({ style: 'unit', unit, unitDisplay: 'narrow', ...options })
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const dateTime = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options)
  return {
    integer: number(),
    perSecond: number({ maximumSignificantDigits: 3 }),
    bytes: BYTE_UNITS.map((name) => unit(name, { maximumSignificantDigits: 3 })),
    fineMilliseconds: unit('millisecond', { maximumSignificantDigits: 2 }),
    milliseconds: unit('millisecond'),
    seconds: unit('second'),
    minutes: unit('minute'),
    hours: unit('hour'),
    days: unit('day'),
    time: dateTime(clock),
    preciseTime: dateTime({ ...clock, fractionalSecondDigits: 3 }),
    dateTime: dateTime({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }),
    relative: new Intl.RelativeTimeFormat(language, { style: 'short' }),
  }
}

let formats = formattersOf('en')

/** Every number and time of the page from here on is as this language writes them. */
export function setFormats(language: Language): void {
  formats = formattersOf(language)
}

const NBSP = '\u00a0'

/** A value is never broken into two lines. */
function unbroken(text: string): string {
  return text.replace(/\s+/g, NBSP)
}

/** English has no space before a narrow unit ("61B"); beside bytes one reads better. */
function spaced(format: Intl.NumberFormat, value: number): string {
  const parts = format.formatToParts(value)
  return unbroken(parts.map((part) => (part.type === 'unit' ? NBSP + part.value : part.value)).join(''))
}

export function formatCount(value: number): string {
  return formats.integer.format(value)
}

/** What stands between those groups. */
export function groupSeparator(): string {
  return formats.integer.formatToParts(1e6).find(({ type }) => type === 'group')?.value ?? ''
}

/** The digits of a number in the groups in which they are read, without what stands between them. */
export function digitGroups(value: number): string[] {
  return formats.integer
    .formatToParts(value)
    .filter((part) => part.type === 'integer')
    .map((part) => part.value)
}

/** @param value bytes */
export function formatBytes(value: number): string {
  // 999.5 of a unit would round up to four digits: it is 1 of the next.
  const power = value < 999.5 ? 0 : Math.min(formats.bytes.length - 1, Math.floor(Math.log10(value * 1.0005) / 3))
  const format = formats.bytes[power]
  return format ? spaced(format, value / 1000 ** power) : String(value)
}

/** What stands behind a number of something a second. CLDR's own Russian "Б/c" has a Latin c. */
function perSecond(): string {
  return `/${formats.seconds.formatToParts(1).find(({ type }) => type === 'unit')?.value ?? ''}`
}

/** @param value bytes a second; less than half a byte is nothing */
export function formatByteRate(value: number): string {
  return value < 0.5 ? '' : formatBytes(value < 10 ? Math.round(value) : value) + perSecond()
}

export function formatPerSecond(value: number): string {
  return formats.perSecond.format(value) + perSecond()
}

/** In its two largest units. @param value milliseconds */
export function formatDuration(value: number): string {
  const total = Math.floor(Math.max(0, value) / 1000)
  const { seconds, minutes, hours, days } = formats
  const parts: string[] = []
  if (total < 60) parts.push(seconds.format(total))
  else if (total < 3600) parts.push(minutes.format(Math.floor(total / 60)), seconds.format(total % 60))
  else if (total < 86_400)
    parts.push(hours.format(Math.floor(total / 3600)), minutes.format(Math.floor((total % 3600) / 60)))
  else parts.push(days.format(Math.floor(total / 86_400)), hours.format(Math.floor((total % 86_400) / 3600)))
  return unbroken(parts.join(NBSP))
}

/** @param value how many minutes ago */
export function formatMinutesAgo(value: number): string {
  return formats.relative.format(-value, 'minute')
}

/** Where milliseconds matter. @param value milliseconds */
export function formatInterval(value: number): string {
  return value < 1000 ? unbroken(formats.milliseconds.format(Math.round(value))) : formatDuration(value)
}

/** A round trip: of a few microseconds, on one machine. @param value milliseconds */
export function formatRoundTrip(value: number): string {
  return spaced(formats.fineMilliseconds, value)
}

/** @param at Unix milliseconds */
export function formatTime(at: number): string {
  return formats.time.format(at)
}

/** To the millisecond. @param at Unix milliseconds */
export function formatPreciseTime(at: number): string {
  return formats.preciseTime.format(at)
}

/** @param at Unix milliseconds */
export function formatDateTime(at: number): string {
  return formats.dateTime.format(at)
}
