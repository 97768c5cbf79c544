import type { kernelMessages as en } from '../en/kernel.ts'
import { actingMessages } from './act.ts'
import { experimentMessages } from './experiments.ts'
import { lookupMessages } from './lookup.ts'
import { plural } from './plural.ts'
import { diagnosisMessages, evidenceMessages, connectionMessages } from './connection.ts'

/** Texts about what the kernel says. */
export const kernelMessages: typeof en = {
  tcp: {
    LISTEN: 'ждёт клиентов, данных не несёт',
    SYN_SENT: 'SYN отправлен, ждём ответа',
    SYN_RECV: 'SYN получен, ответ отправлен; для рукопожатия не хватает последнего ACK',
    ESTABLISHED: 'рукопожатие завершено, данные могут идти в обе стороны',
    CLOSE_WAIT: 'клиент прислал FIN, наша сторона ещё не закрыта',
    LAST_ACK: 'обе стороны отправили FIN; наш ещё не подтверждён',
    FIN_WAIT_1: 'мы отправили FIN; он ещё не подтверждён',
    FIN_WAIT_2: 'наш FIN подтверждён; клиент своего ещё не прислал',
    CLOSING: 'обе стороны отправили FIN одновременно; наш ещё не подтверждён',
    TIME_WAIT:
      'мы закрыли первыми; четвёрка занята ещё минуту, чтобы запоздавшие пакеты не повредили новому соединению',
    CLOSED: 'ядро о нём забыло',
  },
  noSocket: 'при последнем взгляде в ядро такого сокета не было',
  notSampled: 'с тех пор как соединение принято, ядро ещё не спрашивали',
  recvQueue: (bytes) => `${bytes} получено, но не прочитано программой`,
  sendQueue: (bytes) => `${bytes} отправлено, но не подтверждено клиентом`,
  sample: {
    now: 'Ядро спросили только что',
    fresh: (age) => `Ядро спросили ${age} назад`,
    stale: (age) => `Устарело: ядро спрашивали ${age} назад`,
    waiting: 'Ядро ещё не спрашивали',
    lost: 'Устарело: связь с сервером потеряна',
    took: (ms) => `Ответ занял ${ms}`,
    source: {
      sock_diag: 'из NETLINK_SOCK_DIAG, оттуда же читает ss(8)',
      proc: 'из /proc/net/tcp: фактов меньше',
    },
  },
  card: {
    queue: 'Очередь на приём',
    gauge: (length, limit) => `${length} из ${limit}`,
    overFull: 'Заполнена, и один сверх предела, как считает ядро: следующие SYN отбрасываются.',
    gaugeHint: 'Клиенты, которые прошли рукопожатие, но ещё не приняты вызовом accept()',
    noGauge: 'неизвестно',
    carries: 'Данных не несёт: счётчиков байтов у него нет.',
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
  agreement: {
    line: (count, both, total, open) =>
      `Сервер и ядро сходятся: ${both} из ${total} ${
        open
          ? plural(count, { one: 'открытого сокета', few: 'открытых сокетов', many: 'открытых сокетов' })
          : plural(count, { one: 'сокета', few: 'сокетов', many: 'сокетов' })
      }`,
    timeWait: (formatted) => `${formatted} в TIME_WAIT`,
    differ: (count, formatted) =>
      `${formatted} ${plural(count, { one: 'отличается', few: 'отличаются', many: 'отличаются' })}`,
    unavailable: 'Ядро здесь спросить нельзя',
    old: 'на момент последнего взгляда',
    open: 'Что отличается и почему',
    heading: 'Сервер и ядро',
    intro:
      'Два свидетеля одного порта: собственные записи сервера обо всех принятых соединениях и таблица сокетов ядра.',
    both: 'У обоих',
    onlyKernel: 'Только в ядре',
    onlyServer: 'Только на сервере',
    inTimeWait: 'В TIME_WAIT',
    nothing: 'Отличий нет: каждому соединению сервера отвечает сокет в ядре, и наоборот.',
    nothingOpen: 'Отличий нет: каждому открытому соединению сервера отвечает открытый сокет в ядре, и наоборот.',
    more: (formatted) => `и ещё ${formatted}`,
    of: (id) => `соединение ${id}`,
    noDescriptor: 'дескриптора нет',
    inode: (inode) => `inode ${inode}`,
    received: (bytes) => `уже получено ${bytes}`,
    ends: (time) => `закончится через ${time}`,
    ending: 'вот-вот закончится',
    kinds: {
      waiting: ['Ждут приёма', 'Рукопожатие завершено, но accept() их ещё не забрал. Ни один процесс их не держит.'],
      handshake: ['В рукопожатии', 'Ядро ответило на их SYN и ждёт последнего ACK.'],
      'just-closed': ['Только что закрыты', 'У сервера соединение уже закрыто, а последний взгляд в ядро был раньше.'],
      'time-wait': [
        'TIME_WAIT',
        'Сервер закрыл первым, поэтому ядро минуту хранит четвёрку. Ни один процесс их не держит, так что сверять их не с чем.',
      ],
      'fin-wait': ['FIN_WAIT', 'Наша сторона закрыта, FIN отправлен; клиент своим ещё не ответил.'],
      'last-ack': ['LAST_ACK или CLOSING', 'Обе стороны отправили FIN; наш ещё не подтверждён.'],
      other: ['Прочие', 'Сокеты порта, за которыми нет живого соединения сервера.'],
      'only-server': [
        'Только на сервере',
        'Приняты после последнего взгляда в ядро или исчезли из него раньше, чем об этом узнал сервер.',
      ],
    },
    closedBy: { peer: 'обе стороны закрыли одновременно', system: 'завершила система' },
  },
  unmatched: {
    label: 'Сокеты, которые есть только в ядре',
    waiting: 'В очереди ядра',
    waitingHint: 'Ещё никем не принят: дескриптора нет, inode 0',
    left: 'Записи о нём нет',
    gone: 'Принят или исчез',
    more: (formatted) => `и ещё ${formatted}, которые есть только в ядре`,
  },
  panel: connectionMessages,
  diagnosis: diagnosisMessages,
  evidence: evidenceMessages,
  errors: {
    ...actingMessages.errors,
    READ_ONLY: 'Сервер разрешает этой странице только смотреть.',
    FULL_TOKEN_REQUIRED: 'Вы пришли по ссылке для класса: новых ссылок она не даёт.',
    PAUSE_UNAVAILABLE: experimentMessages.needsSwitch,
    TOKEN_REQUIRED: 'Сервер требует токен.',
    LISTENER_UNRESPONSIVE: 'Процесс слушателя сейчас не отвечает; он может выполнить это позже.',
    GREETING_OFF: 'Этот сервер запущен с --no-greeting.',
    CLIENT_NOT_FOUND: 'Этот встроенный клиент уже закрыт.',
    NOT_THIS_LISTENER: 'Встроенные клиенты подключаются только к этому слушающему сокету, на адресах этой машины.',
    TOO_MANY_CLIENTS: 'Больше встроенных клиентов открыть нельзя: уберите часть из них.',
    EADDRNOTAVAIL:
      'Ядро отказывает: этот адрес с этим портом получить нельзя, потому что адрес не этой машины или такая четвёрка уже есть.',
    EADDRINUSE: 'Ядро отказывает: адрес и порт заняты.',
    EACCES: 'Ядро отказывает: порты ниже 1024 — для привилегированных программ.',
    ECONNREFUSED: 'Ядро ответило RST: там никто не слушает.',
    ETIMEDOUT: 'На SYN нет ответа: очередь на приём заполнена, и ядро его отбрасывает.',
    unreachable: 'Сервер не отвечает.',
    alias: (address) =>
      `Если адреса ${address} в системе нет (macOS), добавьте его: sudo ifconfig lo0 alias ${address}`,
  },
  lookup: lookupMessages,
  experiments: experimentMessages,
}
