import type { Translation } from '../fallback.ts'
import type { actMessages as en } from '../en/act.ts'
import type { CloseAction } from '../../../shared/action.ts'
import { plural } from './plural.ts'

/** The object of a verb, or the subject of «выбрано» and «закрыто». */
const connections = (count: number) => plural(count, { one: 'соединение', few: 'соединения', many: 'соединений' })
const VERBS: Record<CloseAction, string> = { fin: 'Закрыть', half: 'Полузакрыть', reset: 'Сбросить' }

/** Texts for acting on connections: send, close, stop reading. */
export const actMessages: Translation<typeof en> = {
  label: 'Действия с соединением',
  more: 'Ещё',
  moreHint: 'Hex, концы строк, заготовки, файлы; закрыть, сбросить, остановить чтение',
  readOnly: 'Страница только для просмотра: отправлять байты и закрывать соединения нельзя.',
  offline: 'Нет связи с сервером.',
  over: 'Соединение закрыто.',
  send: {
    label: 'Отправить байты клиенту',
    kind: 'Отправить как',
    kinds: { text: 'Текст', hex: 'Hex' },
    input: 'Байты для отправки',
    placeholder: { text: 'Текст клиенту …', hex: '48 65 6c 6c 6f 0d 0a' },
    lineEnd: 'Конец строки',
    lineEnds: { lf: 'LF', crlf: 'CRLF', none: 'нет' },
    send: 'Отправить',
    sendHint: 'Enter — отправить, Shift+Enter — новая строка, ↑ — отправленное раньше',
    file: 'Отправить файл',
    fileHint: (limit) => `Отправить файл до ${limit}`,
    fileTooLarge: (name, size, limit) => `Файл ${name} слишком велик (${size}). Предел — ${limit}.`,
    fileUnread: (name) => `Не удалось прочитать файл ${name}.`,
    kept: 'Заготовки и история',
    faults: {
      empty: 'Введите байты для отправки.',
      'not-hex': 'Допустимы шестнадцатеричные цифры: 0–9 и a–f. Байты разделяют пробелом, запятой или 0x.',
      odd: 'У последнего байта нет второй цифры.',
    },
    sent: (formatted) => `Отправлено ${formatted}.`,
    waiting: (formatted) => `Ждут отправки: ${formatted}. Клиент не читает.`,
    sending: 'Отправка …',
  },
  kept: {
    heading: 'Заготовки и история',
    presets: 'Заготовки',
    noPresets: 'Заготовок пока нет. Введите текст, назовите его и сохраните.',
    history: 'История',
    noHistory: 'Пока ничего не отправлено.',
    forget: 'Очистить историю',
    name: 'Название',
    save: 'Сохранить как заготовку',
    replace: 'Сохранить изменения',
    edit: (name) => `Изменить ${name}`,
    remove: (name) => `Удалить ${name}`,
    use: 'Вставить',
    faults: {
      'no-name': 'Введите название заготовки.',
      full: 'Заготовок слишком много. Сначала удалите одну.',
      'too-long': 'Текст слишком длинный для заготовки.',
    },
    where: 'Хранятся только в этом браузере.',
  },
  close: {
    label: 'Закрыть соединение',
    names: { fin: 'FIN', half: 'Полузакрыть', reset: 'RST' },
    words: { fin: 'close(2)', half: 'shutdown(2)', reset: 'обрыв без FIN' },
    hints: {
      fin: 'close(2): ядро отправит данные из очереди, затем FIN. Сервер больше не читает, поэтому на новые данные клиента его ядро ответит RST.',
      half: 'shutdown(2): FIN завершает направление сервера. Сервер читает, пока клиент не закроет своё (FIN_WAIT_2).',
      reset: 'RST: соединение обрывается сразу на обеих сторонах. Данные в очередях теряются, TIME_WAIT не наступает.',
    },
    finSent: 'Сервер уже отправил FIN.',
    holdHint: 'Удерживайте кнопку или нажмите её дважды.',
    again: 'Чтобы сбросить соединение, нажмите RST ещё раз.',
  },
  reading: {
    stop: 'Остановить чтение',
    stopWord: 'очередь растёт',
    again: 'Возобновить чтение',
    againWord: 'очередь пустеет',
    stopHint: 'Сервер перестаёт читать из сокета. Заполняется очередь приёма, затем закрывается окно сервера.',
    againHint: 'Сервер читает данные из очереди приёма, и его окно снова открывается.',
    watch: 'Сервер больше не читает. Его очередь приёма заполняется, затем закроется его окно.',
    recv: 'к чтению',
    send: 'к отправке',
    window: 'окно клиента',
  },
  behavior: {
    label: 'Поведение',
    hint: 'Что сервер делает с дальнейшими байтами этого соединения. scripted берёт правила из настроек порта.',
    port: (name) => `как у порта (${name})`,
    chosen: (name) => `Поведение соединения: ${name}.`,
    portAgain: 'Поведение соединения снова как у порта.',
  },
  done: {
    fin: 'Закрыто.',
    half: 'FIN отправлен.',
    reset: 'Сброшено.',
    'pause-reading': 'Сервер больше не читает. Его очередь приёма заполняется, затем закроется его окно.',
    'resume-reading': 'Сервер снова читает.',
  },
  events: {
    send: (formatted) => `Отправлено вручную: ${formatted}`,
    fin: 'Закрыто вручную: close(2)',
    half: 'Полузакрыто вручную: FIN отправлен',
    reset: 'Сброшено вручную: RST',
    'pause-reading': 'Серверу дана команда не читать',
    'resume-reading': 'Серверу дана команда снова читать',
    behavior: (name) => `Поведение выбрано вручную: ${name}`,
    portBehavior: 'Вручную возвращено поведение порта',
    tried: {
      send: 'отправка',
      fin: 'FIN',
      half: 'полузакрытие',
      reset: 'RST',
      'pause-reading': 'остановка чтения',
      'resume-reading': 'возобновление чтения',
      behavior: 'смена поведения',
    },
    refused: (what, why) => `Не выполнено: ${what}. ${why}`,
    kernel: (state, recv, send) =>
      [`После действия в ядре: ${state}`, recv && `${recv} к чтению`, send && `${send} к отправке`]
        .filter(Boolean)
        .join(', '),
    gone: 'После действия в ядре: сокета больше нет',
    waiting: (formatted) => `Ждут места в очереди отправки: ${formatted}`,
  },
  confirm: {
    heading: (how, count, formatted) => `${VERBS[how]} ${formatted} ${connections(count)}?`,
    go: (how, formatted) => `${VERBS[how]} ${formatted}`,
    all: 'Это все активные соединения порта.',
    more: (formatted) => `Теперь соединений: ${formatted}. Проверьте и подтвердите ещё раз.`,
    cancel: 'Отмена',
    working: 'Выполняется …',
  },
  sendMany: {
    send: (formatted) => `Отправить (${formatted})`,
    heading: (count, formatted) => `Отправить в ${formatted} ${connections(count)}`,
    all: 'Это все активные соединения порта.',
  },
  bulk: {
    done: {
      fin: (count, formatted) => `Закрыто ${formatted} ${connections(count)}.`,
      half: (count, formatted) => `Полузакрыто ${formatted} ${connections(count)}.`,
      reset: (count, formatted) => `Сброшено ${formatted} ${connections(count)}.`,
      send: (count, formatted, bytes) =>
        count === 1
          ? `Отправлено ${bytes} в 1 соединение.`
          : `Отправлено в ${formatted} ${connections(count)}, по ${bytes} в каждое.`,
    },
    refused: {
      CONNECTION_CLOSED: (_count, formatted) => `Уже закрыты: ${formatted}.`,
      CONNECTION_NOT_FOUND: (_count, formatted) => `Больше не хранятся на сервере: ${formatted}.`,
      FIN_SENT: (_count, formatted) => `FIN уже отправлен: ${formatted}.`,
      SEND_QUEUE_FULL: (_count, formatted) => `Пропущены, потому что клиент не читает: ${formatted}.`,
    },
    other: (formatted, code) => `Не выполнено: ${formatted} (${code}).`,
  },
}
