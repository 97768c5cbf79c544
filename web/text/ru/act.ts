import type { Translation } from '../fallback.ts'
import type { actMessages as en } from '../en/act.ts'
import type { CloseAction } from '../../../shared/action.ts'
import { plural } from './plural.ts'

const connections = (count: number) => plural(count, { one: 'соединение', few: 'соединения', many: 'соединений' })
const VERBS: Record<CloseAction, string> = { fin: 'Закрыть', half: 'Полузакрыть', reset: 'Сбросить' }

/** Texts for acting on connections: send, close, stop reading. */
export const actMessages: Translation<typeof en> = {
  label: 'Действия с соединением',
  more: 'Ещё',
  moreHint: 'Hex, концы строк, заготовки, файлы; закрыть, сбросить, не читать',
  readOnly: 'Страница только для просмотра: отправить или закрыть ничего нельзя.',
  offline: 'Нет связи с сервером.',
  over: 'Соединение закрыто: с ним больше ничего нельзя сделать.',
  send: {
    label: 'Отправить байты клиенту',
    kind: 'Отправить как',
    kinds: { text: 'Текст', hex: 'Hex' },
    input: 'Байты для отправки',
    placeholder: { text: 'Текст клиенту …', hex: '48 65 6c 6c 6f 0d 0a' },
    lineEnd: 'Конец каждой строки',
    lineEnds: { lf: 'LF', crlf: 'CRLF', none: 'ничего' },
    send: 'Отправить',
    sendHint: 'Enter отправляет, Shift+Enter начинает новую строку, ↑ возвращает отправленное раньше',
    file: 'Отправить файл',
    fileHint: (limit) => `Отправить файл до ${limit}`,
    fileTooLarge: (name, size, limit) => `В файле ${name} ${size}, а отправить за раз можно до ${limit}.`,
    fileUnread: (name) => `Файл ${name} не удалось прочитать.`,
    kept: 'Заготовки и история',
    faults: {
      empty: 'Отправлять нечего: байтов нет.',
      'not-hex': 'В hex допустимы цифры 0–9 и a–f, между байтами — пробелы, запятые или 0x.',
      odd: 'Последнему байту не хватает цифры: нужно по две на байт.',
    },
    sent: (formatted) => `Отправлено ${formatted}.`,
    waiting: (formatted) => `Ждут отправки ${formatted}: клиент не читает.`,
    sending: 'Отправка …',
  },
  kept: {
    heading: 'Заготовки и история',
    presets: 'Заготовки',
    noPresets: 'Пока нет: назовите то, что в поле ввода, и сохраните.',
    history: 'Отправлено раньше',
    noHistory: 'Пока ничего.',
    forget: 'Забыть всё',
    name: 'Название',
    save: 'Сохранить то, что в поле',
    replace: 'Сохранить изменения',
    edit: (name) => `Изменить ${name}`,
    remove: (name) => `Удалить ${name}`,
    use: 'Вставить в поле ввода',
    faults: {
      'no-name': 'У заготовки должно быть название.',
      full: 'Места для новых заготовок нет: удалите одну.',
      'too-long': 'Слишком длинно, чтобы хранить.',
    },
    where: 'Хранится только в этом браузере.',
  },
  close: {
    label: 'Закрыть соединение',
    names: { fin: 'FIN', half: 'Полузакрыть', reset: 'RST' },
    words: { fin: 'close(2)', half: 'shutdown(2)', reset: 'обрыв без FIN' },
    hints: {
      fin: 'close(2): FIN уйдёт после всего, что ещё ждёт отправки. Читать мы перестаём: на всё, что клиент пришлёт потом, ядро ответит RST.',
      half: 'shutdown(2): FIN завершает наше направление. Мы читаем дальше, пока клиент не закроет своё: FIN_WAIT_2.',
      reset:
        'RST: обе стороны сразу забывают соединение, содержимое их очередей теряется, TIME_WAIT не наступает ни у кого.',
    },
    finSent: 'Наш FIN отправлен: после него послать ничего нельзя.',
  },
  reading: {
    stop: 'Не читать',
    stopWord: 'байты ждут',
    again: 'Читать снова',
    againWord: 'забрать всё',
    stopHint:
      'Сервер больше ничего не забирает из сокета: наполняется очередь приёма, потом закрывается окно, которое мы объявляем.',
    againHint: 'Сервер забирает то, что ждёт в очереди приёма, и окно снова открывается.',
    watch: 'Чтение остановлено: наполняется очередь приёма, потом закроется наше окно.',
    recv: 'к чтению',
    send: 'к отправке',
    window: 'окно клиента',
  },
  done: {
    fin: 'Закрыто.',
    half: 'Наша половина закрыта.',
    reset: 'Сброшено.',
    'pause-reading': 'Чтение остановлено: наполняется очередь приёма, потом закроется наше окно.',
    'resume-reading': 'Чтение возобновлено.',
  },
  events: {
    send: (formatted) => `Отправлено вручную: ${formatted}`,
    fin: 'Закрыто вручную: close(2)',
    half: 'Полузакрыто вручную: наш FIN отправлен',
    reset: 'Сброшено вручную: RST',
    'pause-reading': 'Чтение остановлено вручную',
    'resume-reading': 'Чтение возобновлено вручную',
    tried: {
      send: 'отправка',
      fin: 'FIN',
      half: 'полузакрытие',
      reset: 'RST',
      'pause-reading': 'остановка чтения',
      'resume-reading': 'возобновление чтения',
    },
    refused: (what, why) => `Не сделано: ${what}. ${why}`,
    kernel: (state, recv, send) =>
      [`Ядро после этого: ${state}`, recv && `${recv} к чтению`, send && `${send} к отправке`]
        .filter(Boolean)
        .join(', '),
    gone: 'Ядро после этого: такого сокета больше нет',
    waiting: (formatted) => `Ядро ещё не забрало ${formatted}`,
  },
  confirm: {
    heading: (how, count, formatted) => `${VERBS[how]} ${formatted} ${connections(count)}?`,
    go: (how, formatted) => `${VERBS[how]} ${formatted}`,
    all: 'Это все живые соединения порта.',
    more: (formatted) => `Теперь их ${formatted}. Взгляните на число ещё раз.`,
    cancel: 'Отмена',
    working: 'Выполняется …',
  },
  sendMany: {
    send: (formatted) => `Отправить в ${formatted}`,
    heading: (count, formatted) => `Отправить в ${formatted} ${connections(count)}`,
    all: 'Это все живые соединения порта.',
  },
  bulk: {
    done: {
      fin: (count, formatted) => `Закрыто ${formatted} ${connections(count)}.`,
      half: (count, formatted) => `Полузакрыто ${formatted} ${connections(count)}.`,
      reset: (count, formatted) => `Сброшено ${formatted} ${connections(count)}.`,
      send: (count, formatted, bytes) => `Отправлено по ${bytes} в ${formatted} ${connections(count)}.`,
    },
    refused: {
      CONNECTION_CLOSED: (formatted) => `Уже закрыты были: ${formatted}.`,
      CONNECTION_NOT_FOUND: (formatted) => `Серверу больше не известны: ${formatted}.`,
      FIN_SENT: (formatted) => `Наш FIN уже был отправлен: ${formatted}.`,
      SEND_QUEUE_FULL: (formatted) => `Клиент не читает, и ничего не отправлено: ${formatted}.`,
    },
    other: (formatted, code) => `Отказано: ${formatted}, ${code}.`,
  },
}
