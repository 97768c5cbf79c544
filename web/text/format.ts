import type { Language } from '../../shared/language.ts'

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** An object whose values are created when they are first read. */
function lazily<T extends Record<string, () => unknown>>(create: T): { readonly [K in keyof T]: ReturnType<T[K]> } {
  const values: Partial<Record<string, unknown>> = {}
  const getters = Object.entries(create).map(([name, make]) => [name, { get: () => (values[name] ??= make()) }])
  return Object.defineProperties({}, Object.fromEntries(getters) as PropertyDescriptorMap) as {
    readonly [K in keyof T]: ReturnType<T[K]>
  }
}

/** Creating an Intl formatter is slow: all of a language would take a tenth of the page's start. */
function formattersOf(language: Language) {
  const number = (options: Intl.NumberFormatOptions = {}) => new Intl.NumberFormat(language, options)
  const unit = (unit: string, options: Intl.NumberFormatOptions = {}) =>
    number({ style: 'unit', unit, unitDisplay: 'narrow', ...options })
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  const dateTime = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options)
  return lazily({
    integer: () => number(),
    perSecond: () => number({ maximumSignificantDigits: 3 }),
    bytes: () => BYTE_UNITS.map((name) => unit(name, { maximumSignificantDigits: 3 })),
    fineMilliseconds: () => unit('millisecond', { maximumSignificantDigits: 2 }),
    milliseconds: () => unit('millisecond'),
    seconds: () => unit('second'),
    fineSeconds: () =>
      [1, 2].map((digits) => unit('second', { minimumFractionDigits: digits, maximumFractionDigits: digits })),
    minutes: () => unit('minute'),
    hours: () => unit('hour'),
    days: () => (language === 'ru' ? { format: (value: number) => `${value} сут` } : unit('day')),
    time: () => dateTime(clock),
    preciseTime: () => dateTime({ ...clock, fractionalSecondDigits: 3 }),
    dateTime: () => dateTime({ dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }),
    relative: () => new Intl.RelativeTimeFormat(language, { style: 'short' }),
  })
}

let formats = formattersOf('en')

/** Numbers and times are formatted for this language from now on. */
export function setFormats(language: Language): void {
  formats = formattersOf(language)
}

const NBSP = '\u00a0'

/** Keeps a value on one line. */
function unbroken(text: string): string {
  return text.replace(/\s+/g, NBSP)
}

/** CLDR's narrow English units have no space ("61B"). Bytes and round-trip times read better with one. */
function spaced(format: Intl.NumberFormat, value: number): string {
  const parts = format.formatToParts(value)
  return unbroken(parts.map((part) => (part.type === 'unit' ? NBSP + part.value : part.value)).join(''))
}

export function formatCount(value: number): string {
  return formats.integer.format(value)
}

/** The separator between groups of digits. */
export function groupSeparator(): string {
  return formats.integer.formatToParts(1e6).find(({ type }) => type === 'group')?.value ?? ''
}

/** The digits of a number in groups, without the separators. */
export function digitGroups(value: number): string[] {
  return formats.integer
    .formatToParts(value)
    .filter((part) => part.type === 'integer')
    .map((part) => part.value)
}

/** @param value bytes */
export function formatBytes(value: number): string {
  // From 999.5 on, a value would round up to four digits, so it moves to the next unit.
  const power = value < 999.5 ? 0 : Math.min(formats.bytes.length - 1, Math.floor(Math.log10(value * 1.0005) / 3))
  const format = formats.bytes[power]
  return format ? spaced(format, value / 1000 ** power) : String(value)
}

/** The suffix of a rate. CLDR's Russian "Б/c" has a Latin c, so the unit comes from the seconds. */
function perSecond(): string {
  return `/${formats.seconds.formatToParts(1).find(({ type }) => type === 'unit')?.value ?? ''}`
}

/** @param value bytes per second; less than half a byte gives an empty text */
export function formatByteRate(value: number): string {
  return value < 0.5 ? '' : formatBytes(value < 10 ? Math.round(value) : value) + perSecond()
}

export function formatPerSecond(value: number): string {
  return formats.perSecond.format(value) + perSecond()
}

/** A duration in its two largest units. @param value milliseconds */
export function formatDuration(value: number): string {
  return unbroken(unitsOf(value).join(NBSP))
}

/** A duration in its largest unit, for a narrow column. @param value milliseconds */
export function formatAge(value: number): string {
  return unbroken(unitsOf(value)[0] ?? '')
}

function unitsOf(value: number): string[] {
  const total = Math.floor(Math.max(0, value) / 1000)
  const { seconds, minutes, hours, days } = formats
  const parts: string[] = []
  if (total < 60) parts.push(seconds.format(total))
  else if (total < 3600) parts.push(minutes.format(Math.floor(total / 60)), seconds.format(total % 60))
  else if (total < 86_400)
    parts.push(hours.format(Math.floor(total / 3600)), minutes.format(Math.floor((total % 3600) / 60)))
  else parts.push(days.format(Math.floor(total / 86_400)), hours.format(Math.floor((total % 86_400) / 3600)))
  return parts
}

/** @param value minutes */
export function formatMinutesAgo(value: number): string {
  // Units have no full stop, here as in durations.
  return formats.relative.format(-value, 'minute').replace('.', '')
}

/** A duration that can be shorter than a second. @param value milliseconds */
export function formatInterval(value: number): string {
  return value < 1000 ? unbroken(formats.milliseconds.format(Math.round(value))) : formatDuration(value)
}

/** The time between two lines, to three digits. @param value milliseconds, less than a minute */
export function formatGap(value: number): string {
  const rounded = Math.round(value)
  if (rounded < 1000) return spaced(formats.milliseconds, rounded)
  const format = formats.fineSeconds[rounded < 10_000 ? 1 : 0] ?? formats.seconds
  return spaced(format, rounded / 1000)
}

/** A round-trip time; on one machine it is a few microseconds. @param value milliseconds */
export function formatRoundTrip(value: number): string {
  return spaced(formats.fineMilliseconds, value)
}

/** @param at Unix milliseconds */
export function formatTime(at: number): string {
  return formats.time.format(at)
}

/** A time with milliseconds. @param at Unix milliseconds */
export function formatPreciseTime(at: number): string {
  return formats.preciseTime.format(at)
}

/** @param at Unix milliseconds */
export function formatDateTime(at: number): string {
  return formats.dateTime.format(at)
}
