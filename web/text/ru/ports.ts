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
    pidHint: 'Номер процесса слушателя: он держит этот сокет и сокеты всех клиентов',
    fd: 'Дескриптор',
    fdHint: 'Число, под которым этот процесс знает сокет (/proc/<pid>/fd)',
    inode: 'Inode',
    since: 'Открыт',
    accepted: 'Принято',
    acceptedHint: 'Клиенты, которых accept() забрал из очереди с открытия порта: каждому — новый сокет',
    refused: 'Отказано',
    refusedHint: 'Клиенты, которым сервер отказал: достигнут предел или он не успевал',
    behavior: 'Поведение',
    behaviors: {
      echo: 'echo: отправляет обратно всё, что получил (RFC 862)',
      discard: 'discard: принимает всё и молчит (RFC 863)',
      chargen: 'chargen: шлёт символы без конца (RFC 864)',
      silent: 'silent: принимает всё, кроме приветствия молчит, полузакрытое соединение оставляет как есть',
    },
    greeting: 'Приветствие',
    greetingHint: 'Язык строки, которая называет каждому новому клиенту его четвёрку',
    limit: 'Предел',
    limitUse: (live, limit) => `${live} из ${limit}`,
    limitHint: 'Сколько живых соединений допустимо, прежде чем новым будет отказано',
    limitDescriptors: (limit) =>
      `Сколько живых соединений допустимо, прежде чем новым будет отказано; дескрипторов у процесса может быть ${limit}`,
    restarts: 'Перезапусков',
    restartsHint: 'Сколько раз процесс слушателя падал и был запущен снова',
    unfold: 'Все показатели',
    fold: 'Свернуть',
    carries: 'Данных не несёт: счётчиков байтов у него нет.',
  },
  queue: {
    heading: 'Очередь на приём',
    gauge: (length, limit) => `${length} из ${limit}`,
    overFull: 'Заполнена, и один сверх предела, как считает ядро: следующие SYN отбрасываются.',
    gaugeHint: 'Клиенты, которые прошли рукопожатие, но ещё не приняты вызовом accept()',
    overflows: 'Все порты: переполнений',
    drops: 'отброшено SYN',
    since: (since, total) => `${since} (всего ${total})`,
    dropsHint:
      'С тех пор как открыта эта страница; всего — с запуска машины. Для всех слушающих сокетов этого сетевого пространства имён вместе',
    stop: 'Остановить приём',
    again: 'Возобновить приём',
    stopHint: 'Порт остаётся открытым: новые клиенты проходят рукопожатие и ждут в очереди ядра',
    againHint: 'Принять всех, кто ждёт в очереди',
    stopped: 'Новые клиенты ждут в очереди.',
    showWaiting: 'Показать',
    resumed: 'Приём возобновлён.',
    resumedServed: (count, formatted) =>
      plural(count, {
        one: `Приём возобновлён: в очереди ждал ${formatted} клиент.`,
        few: `Приём возобновлён: в очереди ждали ${formatted} клиента.`,
        many: `Приём возобновлён: в очереди ждали ${formatted} клиентов.`,
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
