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
    lost: 'Связь потеряна',
    never: 'Нет связи',
    lostSince: (time) => `Связь потеряна в ${time}`,
    stoppedTitle: 'Сервер остановлен',
    lostTitle: 'Связь с сервером потеряна',
    lostDetail: (time) => `Порт показан по состоянию на ${time}. Страница пытается подключиться снова.`,
    neverTitle: 'Сервер не отвечает',
    neverDetail: 'Страница пытается подключиться снова.',
    retry: 'Повторить сейчас',
    tokenTitle: 'Нужен токен',
    tokenDetail: 'Добавьте в конец адреса этой страницы #token=ТОКЕН — тот же, что у сервера.',
    wrongTokenTitle: 'Токен отклонён',
    wrongTokenDetail: 'Проверьте #token=… в конце адреса этой страницы: нужен токен, с которым запущен сервер.',
    addressTitle: 'Сервер отклоняет запросы с этого адреса страницы',
    addressDetail: (host) =>
      `Перезапустите сервер с --allow-host ${host} или настройте обратный прокси так, чтобы он не менял заголовок Host.`,
    upgradeTitle: 'WebSocket заблокирован',
    upgradeDetail:
      'Сервер отвечает, но WebSocket этой страницы до него не доходит. Обратный прокси должен пропускать Upgrade для /ws.',
    protocolTitle: 'У сервера другая версия протокола',
    protocolDetail: 'Сервер обновили после того, как вы открыли страницу. Перезагрузите её.',
  },
  readOnly: {
    name: 'Только просмотр',
    detail: 'менять ничего нельзя',
    hint: 'Сервер запущен с --read-only, или вы открыли ссылку для класса. Любые изменения сервер отклоняет.',
  },
  languages: { en: 'English', ru: 'Русский' },
  theme: { toLight: 'Светлая тема', toDark: 'Тёмная тема' },
  notices: {
    limitTitle: (limit) => `Достигнут предел соединений: ${limit}`,
    limitDetail: (refused, formatted) =>
      refused === 0
        ? 'Сервер отказывает новым клиентам, пока кто-нибудь не отключится.'
        : `Сервер отказывает новым клиентам, пока кто-нибудь не отключится. Уже отказано: ${formatted}.`,
    behindTitle: 'Сервер отказывает новым клиентам',
    behindDetail: (formatted) =>
      `Клиенты подключаются быстрее, чем сервер успевает их принимать (отказано: ${formatted}). Открытые соединения работают как прежде.`,
    downTitle: 'Порт не принимает соединения',
    downDetail: (fault) => `${fault} Новые клиенты ждут в очереди accept, пока это не устранено.`,
    unresponsiveTitle: 'Процесс слушателя не отвечает',
    unresponsiveDetail: (pid) =>
      `Процесс ${pid ?? '(номер неизвестен)'} остановлен или завис. Пока он не продолжит работу, клиенты не получают ответов, а новые ждут в очереди accept.`,
    downUnknown: 'Процесс слушателя не запущен.',
    proxyTitle: (address) => `У всех клиентов один адрес: ${address}`,
    proxyDetail:
      'Это шлюз контейнера: прокси Docker подставляет его вместо адресов клиентов. Чтобы видеть настоящие адреса, запустите oneport в сети хоста (Linux): docker compose -f compose.host.yml up',
  },
  closeDialog: 'Закрыть',
  copy: { copy: 'Копировать', copied: 'Скопировано', failed: 'Не удалось: выделите текст' },
  shortcuts: {
    open: 'Сочетания клавиш',
    heading: 'Сочетания клавиш',
    keys: { ' ': 'Пробел', ArrowDown: '↓', ArrowUp: '↑', Escape: 'Esc' },
    meanings: {
      filter: 'Фильтр',
      pause: 'Приостановить или продолжить обновление списка',
      move: 'Следующее или предыдущее соединение',
      open: 'Открыть панель',
      bytes: 'Переключиться между сведениями и байтами',
      pick: 'Выбрать строку',
      extend: 'Расширить выбор',
      pickListed: 'Выбрать все, подходящие под фильтр',
      lookUp: 'Какой сокет получит пакеты этого соединения?',
      experiments: 'Опыты',
      lesson: 'Урок',
      mine: 'Какое соединение моё?',
      projector: 'Включить или выключить режим проектора',
      kernel: 'Сравнить данные сервера и ядра',
      pane: 'Перейти из списка в панель и обратно',
      leave: 'Закрыть панель, затем снять выбор, затем очистить фильтр',
      help: 'Этот список',
    },
    single: 'Одиночные клавиши',
    singleHint: 'Отключите их, если они мешают голосовому вводу или другим программам.',
  },
  views: {
    label: 'Как показывать соединения',
    list: 'Список',
    picture: 'Схема',
    board: 'Табло',
  },
}
