import type { Translation } from '../fallback.ts'
import type { streamMessages as en } from '../en/stream.ts'

/** Texts of the bytes tab of a connection. */
export const streamMessages: Translation<typeof en> = {
  label: 'Байты соединения',
  direction: { in: 'Клиент → сервер', out: 'Сервер → клиент' },
  view: 'Вид',
  views: { text: 'Текст', hex: 'Hex' },
  shown: 'Направления',
  shownOptions: { both: 'Оба', in: 'Клиент →', out: 'Сервер →' },
  later: (interval) => `через ${interval}`,
  lengthHint: (from, to) => `Байты с ${from} по ${to} этого направления`,
  notesHint: (label) => `${label} (предположение по байтам)`,
  newBytes: (formatted) => `ещё ${formatted}`,
  toEnd: 'К последнему байту',
  search: {
    label: 'Найти в байтах',
    text: 'Найти текст',
    hex: 'Найти 0d 0a или "текст"',
    notHex: 'Введите hex или "текст" в кавычках',
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
    nothing: 'Байтов для копирования нет.',
    as: 'Копировать как',
    formats: { text: 'Текст', hex: 'Hex', c: 'Массив C', shell: 'Команда оболочки' },
    hints: {
      text: 'Управляющие символы и нетекстовые байты — как на экране',
      hex: 'Шестнадцатеричные цифры, 16 байт в строке',
      c: 'Массив unsigned char',
      shell: 'printf … | nc: отправит на порт именно эти байты',
    },
    failed: 'Браузер запретил копирование. Текст выделен: скопируйте его вручную.',
    byHand: 'Текст для копирования',
    download: 'Скачать байты',
    downloadAs: 'Скачать как пакеты',
    pcapng: 'Скачать pcapng',
    pcapngHint: 'Для Wireshark: оба направления, FIN и RST. Заголовки синтезированы.',
    downloadFailed: (message) => `Не удалось скачать: ${message}`,
  },
  dropped: (inBytes, outBytes) => {
    const what = [inBytes && `${inBytes} от клиента`, outBytes && `${outBytes} от сервера`].filter(Boolean)
    return `Более ранние байты не хранятся: ${what.join(' и ')}.`
  },
  empty: {
    waiting: 'Загрузка…',
    unknown: 'Сервер больше не хранит это соединение',
    quiet: 'Данных пока нет',
    quietHint: 'Введите строку в клиенте. Её байты появятся здесь порциями, которыми их прочитал сервер.',
    over: 'Соединение закрылось, данных не было',
    overHint: 'Ни одна сторона не отправила ни байта.',
    notKept: (formatted) => `Передано ${formatted}, ничего не сохранено`,
    notKeptHint:
      'Сервер хранит последние байты каждого соединения. Их количество задаёт --capture-bytes; при 0 байты не хранятся. Если общий предел исчерпан, первым теряет байты соединение, которое дольше всех простаивает.',
    direction: {
      in: 'Байты от клиента к серверу не сохранены',
      out: 'Байты от сервера к клиенту не сохранены',
    },
    directionHint: 'Сохранены байты другого направления.',
  },
}
