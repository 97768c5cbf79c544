import type { Translation } from '../fallback.ts'
import type { appMessages as en } from '../en/app.ts'
import { plural } from './plural.ts'

/** Texts of the page around the features. */
export const appMessages: Translation<typeof en> = {
  product: 'oneport',
  menu: 'Меню',
  title: (live, port) => `${live === null ? '' : `(${live}) `}oneport${port === null ? '' : ` :${port}`}`,
  sentence: {
    listening: '1 слушающий сокет',
    connected: (live) =>
      plural(live, { one: 'сокет соединения', few: 'сокета соединений', many: 'сокетов соединений' }),
    port: '1 порт',
  },
  link: {
    connecting: 'Подключение',
    syncing: 'Синхронизация',
    live: 'На связи',
    lost: 'Нет связи',
    never: 'Не подключено',
    lostSince: (time) => `Нет связи с ${time}`,
    stoppedTitle: 'Сервер остановлен',
    lostTitle: 'Связь с сервером потеряна',
    lostDetail: (time) => `Порт показан таким, каким он был в ${time}. Страница сама пробует подключиться снова.`,
    neverTitle: 'Сервер не отвечает',
    neverDetail: 'Страница сама пробует снова.',
    retry: 'Попробовать сейчас',
    tokenTitle: 'Сервер требует токен',
    tokenDetail: 'Откройте страницу с #token=… в конце адреса: это токен, с которым запущен сервер.',
    wrongTokenTitle: 'Сервер не принимает этот токен',
    wrongTokenDetail: 'Откройте страницу с #token=… в конце адреса: это токен, с которым запущен сервер.',
    protocolTitle: 'У сервера другая версия протокола',
    protocolDetail: 'Сервер обновили уже после того, как открыли эту страницу. Загрузите её заново.',
  },
  readOnly: {
    name: 'Только просмотр',
    detail: 'страница смотрит и ничего не меняет',
    hint: 'Сервер отклоняет всё, что могло бы что-то изменить: он запущен с --read-only, или вы пришли по ссылке для класса.',
  },
  languages: { en: 'English', ru: 'Русский' },
  theme: { toLight: 'Светлая тема', toDark: 'Тёмная тема' },
  notices: {
    limitTitle: (limit) => `Достигнут предел соединений: ${limit}`,
    limitDetail: (refused, formatted) =>
      refused === 0
        ? 'Новым будет отказано, пока кто-нибудь не уйдёт.'
        : `Новым отказано (уже ${formatted}), пока кто-нибудь не уйдёт.`,
    behindTitle: 'Новым соединениям отказано',
    behindDetail: (formatted) =>
      `Их больше, чем сервер успевает принять (отказано уже ${formatted}); открытые работают дальше.`,
    downTitle: 'На порту никто не принимает',
    downDetail: (fault) => `Сервер сообщает: «${fault}» Пока это не пройдёт, новые клиенты ждут в очереди ядра.`,
    unresponsiveTitle: 'Процесс слушателя не отвечает',
    unresponsiveDetail: (pid) =>
      `Он остановлен или завис (процесс ${pid ?? 'неизвестен'}). Пока это так, никто не обслуживается, а новые клиенты ждут в очереди на приём в ядре.`,
    downUnknown: 'Процесс слушателя не запущен.',
    proxyTitle: (address) => `Кажется, что все клиенты пришли с ${address}`,
    proxyDetail:
      'Это шлюз контейнера: между клиентами и портом стоит прокси Docker и скрывает, откуда они. Чтобы увидеть настоящие адреса, запустите oneport в сети самого хоста: docker compose -f compose.host.yml up (Linux).',
  },
  closeDialog: 'Закрыть',
  copy: { copy: 'Копировать', copied: 'Скопировано', failed: 'Выделите и скопируйте сами' },
  shortcuts: {
    open: 'Сочетания клавиш',
    heading: 'Клавиатура',
    keys: { ' ': 'Пробел', ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' },
    meanings: {
      filter: 'Фильтр',
      pause: 'Остановить список или пустить дальше',
      move: 'Следующее, предыдущее соединение',
      open: 'Открыть панель',
      bytes: 'Байты соединения или снова факты',
      pick: 'Выбрать строку',
      extend: 'Расширить выбор',
      pickListed: 'Выбрать всё, что отвечает фильтру',
      lookUp: 'Какой сокет получит пакеты этой строки?',
      experiments: 'Опыты',
      lesson: 'Урок',
      mine: 'Какое соединение моё?',
      projector: 'Режим проектора и обратно',
      kernel: 'В чём расходятся сервер и ядро',
      pane: 'Из списка в панель и обратно',
      leave: 'Закрыть панель, снять выбор, очистить фильтр',
      help: 'Этот список',
    },
    single: 'Сочетания из одного знака',
    singleHint: 'Отключите их, если они мешают голосовому вводу или другим программам.',
  },
  views: {
    label: 'Как показать соединения',
    list: 'Список',
    picture: 'Схема',
    board: 'Табло',
  },
}
