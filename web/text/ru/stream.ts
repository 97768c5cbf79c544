import type { Translation } from '../fallback.ts'
import type { streamMessages as en } from '../en/stream.ts'

/** Texts of the view of a connection’s bytes. */
export const streamMessages: Translation<typeof en> = {
  label: 'Байты соединения',
  direction: { in: 'Клиент → сервер', out: 'Сервер → клиент' },
  view: 'Показать как',
  views: { text: 'Текст', hex: 'Hex' },
  shown: 'Какие направления показаны',
  shownOptions: { both: 'Оба', in: 'Клиент →', out: 'Сервер →' },
  later: (interval) => `через ${interval}`,
  lengthHint: (from, to) => `Байты с ${from} по ${to} в этом направлении`,
  newBytes: (formatted) => `новых ${formatted}`,
  toEnd: 'К самому новому байту',
  search: {
    label: 'Найти в байтах',
    text: 'Найти текст',
    hex: 'Найти 0d 0a или "текст"',
    notHex: 'Не hex и не "текст" в кавычках',
    none: 'Не найдено',
    count: (place, total, more) => `${place} из ${total}${more ? '+' : ''}`,
    previous: 'Предыдущее совпадение',
    next: 'Следующее совпадение',
    clear: 'Очистить поиск',
  },
  copy: {
    open: 'Копировать…',
    openChunk: (n) => `Копировать порцию ${n}`,
    heading: 'Копирование байтов',
    scope: 'Какие байты',
    all: 'Все, по порядку',
    chunk: (n) => `Порция ${n}`,
    nothing: 'Копировать нечего: байтов нет.',
    as: 'Копировать как',
    formats: { text: 'Текст', hex: 'Hex', c: 'Массив C', shell: 'Команда оболочки' },
    hints: {
      text: 'Управляющие символы и нетекстовые байты — как на экране',
      hex: 'Цифры, по 16 байт в строке',
      c: 'Массив unsigned char',
      shell: 'printf … | nc, отправит на порт в точности эти байты',
    },
    failed: 'Браузер не даёт этой странице копировать. Текст выделен: скопируйте его вручную.',
    byHand: 'Текст для копирования',
    download: 'Скачать как есть',
    downloadFailed: (message) => `Скачать не удалось: ${message}`,
  },
  dropped: (inBytes, outBytes) => {
    const what = [inBytes && `${inBytes} от клиента`, outBytes && `${outBytes} от сервера`].filter(Boolean)
    return `То, что было раньше (${what.join(' и ')}), уже не хранится.`
  },
  empty: {
    waiting: 'Ждём ответа сервера…',
    unknown: 'Сервер больше не хранит это соединение',
    quiet: 'Ни одного байта пока не прошло',
    quietHint: 'Введите строку в клиенте: она появится здесь теми порциями, какими её прочитал сервер.',
    over: 'Закрылось, не передав ни байта',
    overHint: 'Показывать нечего.',
    notKept: (formatted) => `Из переданных ${formatted} не хранится ничего`,
    notKeptHint:
      'Сервер хранит самые новые байты каждого соединения: сколько, задаёт --capture-bytes (0 — нисколько). Когда всех вместе становится слишком много, первым теряет свои байты соединение, которое дольше всех молчит.',
    direction: {
      in: 'Байтов от клиента к серверу не хранится',
      out: 'Байтов от сервера к клиенту не хранится',
    },
    directionHint: 'Есть байты другого направления.',
  },
}
