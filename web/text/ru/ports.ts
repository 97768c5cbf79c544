import type { Translation } from '../fallback.ts'
import type { portsMessages as en } from '../en/ports.ts'
import { plural } from './plural.ts'

/** Texts of the card of the listening socket. */
export const portsMessages: Translation<typeof en> = {
  listener: {
    heading: 'Слушающий сокет',
    state: { accepting: 'Принимает', paused: 'Не принимает', down: 'Не работает' },
    dualStack: 'IPv4 и IPv6',
    familyOnly: (family) => `только IPv${family}`,
    pid: 'Процесс',
    pidHint: 'Номер (PID) процесса слушателя. Ему принадлежат этот сокет и сокеты всех клиентов',
    fd: 'Дескриптор',
    fdHint: 'Номер этого сокета в процессе (/proc/<pid>/fd)',
    inode: 'Inode',
    since: 'Открыт',
    accepted: 'Принято',
    acceptedHint: 'Соединения, принятые вызовом accept() с открытия порта. У каждого свой сокет',
    refused: 'Отказано',
    refusedHint: 'Соединения, которые сервер сразу закрыл: достигнут предел, или сервер не успевал',
    behavior: 'Поведение',
    behaviors: {
      echo: 'echo: отправляет обратно все данные (RFC 862)',
      discard: 'discard: читает все данные, ничего не отправляет (RFC 863)',
      chargen: 'chargen: непрерывно отправляет символы (RFC 864)',
      silent: 'silent: читает все данные, отправляет только приветствие, не закрывает полузакрытые соединения',
      scripted: 'scripted: отвечает на заданные байты заданными байтами',
    },
    greeting: 'Приветствие',
    greetingHint: 'Язык первой строки с четвёркой, которую получает каждый клиент',
    limit: 'Предел',
    limitUse: (live, limit) => `${live} из ${limit}`,
    limitHint: 'Наибольшее число активных соединений; следующим сервер отказывает',
    limitDescriptors: (limit) =>
      `Наибольшее число активных соединений; следующим сервер отказывает. Предел дескрипторов процесса: ${limit}`,
    restarts: 'Перезапусков',
    restartsHint: 'Сколько раз процесс слушателя падал и перезапускался',
    unfold: 'Все показатели',
    fold: 'Свернуть',
    carries: 'Принимает соединения; данных не передаёт.',
  },
  attention: (count, formatted) =>
    `${formatted} ${plural(count, { one: 'требует', few: 'требуют', many: 'требуют' })} внимания`,
  queue: {
    heading: 'Очередь accept',
    gauge: (length, limit) => `${length} из ${limit}`,
    overFull: 'Очередь заполнена: ядро отбрасывает новые подключения.',
    gaugeHint: 'Соединения, у которых рукопожатие завершено, но accept() их ещё не принял',
    overflows: 'Переполнений (все порты)',
    drops: 'Отброшено попыток подключения',
    since: (since, total) => `${since} (всего ${total})`,
    dropsHint:
      'С открытия этой страницы (всего — с загрузки системы), для всех слушающих сокетов этого сетевого пространства имён',
    stop: 'Остановить accept()',
    again: 'Возобновить accept()',
    stopHint: 'Порт остаётся открытым: новые клиенты проходят рукопожатие и ждут в очереди accept',
    againHint: 'Принять все соединения из очереди accept',
    showWaiting: 'Показать очередь',
    resumed: 'accept() возобновлён.',
    resumedServed: (count, formatted) =>
      plural(count, {
        one: `accept() возобновлён: в очереди ждал ${formatted} клиент.`,
        few: `accept() возобновлён: в очереди ждали ${formatted} клиента.`,
        many: `accept() возобновлён: в очереди ждали ${formatted} клиентов.`,
      }),
  },
  charts: {
    accepts: 'Принято',
    closes: 'Закрыто',
    bytes: 'Байты',
    bytesIn: 'вх.',
    bytesOut: 'исх.',
    now: 'сейчас',
    aria: (what) => `${what} в секунду за последние минуты`,
  },
}
