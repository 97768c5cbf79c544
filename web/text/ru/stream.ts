import type { Translation } from '../fallback.ts'
import type { streamMessages as en } from '../en/stream.ts'
import { plural } from './plural.ts'

/** Texts of the stream of a connection: its bytes and events. */
export const streamMessages: Translation<typeof en> = {
  label: 'Поток соединения',
  direction: { in: 'Клиент → сервер', out: 'Сервер → клиент' },
  view: 'Вид',
  views: { text: 'Текст', hex: 'Hex' },
  shown: 'Показать',
  shownOptions: { all: 'Всё', in: '→ Клиент', out: '← Сервер', events: 'События' },
  lengthHint: (n, from, to) => `Порция ${n}: байты с ${from} по ${to} этого направления`,
  pause: (interval) => `${interval} без событий`,
  missing: {
    in: (formatted) => `${formatted} от клиента до этого места уже не хранятся`,
    out: (formatted) => `${formatted} от сервера до этого места уже не хранятся`,
  },
  events: {
    accept: 'Принято',
    descriptor: (fd) => `fd ${fd}`,
    fin: { peer: 'FIN от клиента', server: 'FIN от сервера' },
    finHint: { peer: 'клиент больше не может отправлять данные', server: 'сервер больше не может отправлять данные' },
    gone: 'Ядро удалило сокет',
    emptied: { recv: 'Очередь приёма пуста', send: 'Очередь отправки пуста' },
    held: (bytes, time) => `до ${bytes} в течение ${time}`,
    sampled: 'по данным опроса ядра',
    times: (count, formatted, within) =>
      `(${formatted} ${plural(count, { one: 'раз', few: 'раза', many: 'раз' })}${within === null ? '' : ` за ${within}`})`,
    unread: (bytes) => `сервер не прочитал ${bytes}`,
    unsent: (bytes) => `клиент не подтвердил ${bytes}`,
    retransmits: (count, formatted) =>
      `повторно ${plural(count, { one: 'отправлен', few: 'отправлены', many: 'отправлено' })} ${formatted} ${plural(count, { one: 'сегмент', few: 'сегмента', many: 'сегментов' })}`,
    neverSent: (bytes) => `не отправлено ${bytes}`,
    finPossible: 'прямо перед этим мог прийти FIN клиента',
    beforeReset: (lost) => `опрос перед RST: ${lost ?? 'обе очереди пусты'}`,
    source: {
      server: 'по данным сервера; данных ядра нет',
      reset: 'по данным сервера; после этого RST у ядра нет данных',
      both: 'данные сервера и ядра совпадают',
      kernel: 'по данным ядра; запись сервера исправлена',
      oneOfTwo: 'по данным сервера; данные ядра допускают два варианта',
    },
  },
  untaken: {
    live: (bytes, from) =>
      `Последние ${bytes} от сервера ещё не отправлены (начиная с байта ${from}): ядро их пока не приняло. Они отмечены.`,
    closed: (bytes, from) =>
      `Последние ${bytes} от сервера не были отправлены (начиная с байта ${from}): ядро их не приняло. Они отмечены.`,
    row: { live: 'ещё не отправлено', closed: 'не отправлено' },
  },
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
    open: 'Копировать или сохранить…',
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
    transcript: 'Скачать как текст',
    transcriptHint: 'Оба направления и события с их временем.',
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
